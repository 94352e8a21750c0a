// The introduction of the contract of the admin port, in Markdown: what holds for every operation.

import { adminErrors } from './errors.ts';

const errorRows = Object.entries(adminErrors).map(
  ([code, { status, when }]) => `| ${status} | \`${code}\` | ${when} |`,
);

export const adminIntroduction = `For operators, probes and scrapers of one host. [The console](/) is a page that uses this API. This description is at
[/openapi.json](/openapi.json).

## Credentials

Where the port needs a credential, send \`ADMIN_TOKEN\`, a key with the scope \`admin\`, or a token with that scope: as
\`Authorization: Bearer\`, or as \`X-API-Key\`. Health, metrics, the files of the console and this description need none.

## Actions

Requests that change something are actions. Each is recorded with its time, the name of its credential, its address and its status:
see \`/actions\`. A web page of another origin cannot send one.

## Errors

Every error has the same body: \`code\` is stable and meant for programs, \`message\` is meant for people.

| status | code | when |
|---|---|---|
${errorRows.join('\n')}
`;
