// The introduction of the contract, in Markdown: what holds for every operation.

import { errorCodes, errors } from './errors.ts';

const errorRows = errorCodes.map((code) => `| ${errors[code].status} | \`${code}\` | ${errors[code].when} |`);

export const introduction = `Searches the events that were ever on sale online. This description is at [/openapi.json](/openapi.json) for programs, and at
[/docs](/docs) for people.

## Time zones

Each provider has a time zone. The dates and times of an event are its provider's local ones, without an offset. The bounds of a
search are instants: give them with an offset or in UTC. Marquee turns the local times of events into instants by the provider's
time zone and compares those. A local time that a clock change skips or repeats follows the rule \`compatible\` of Temporal.

## Containment

\`/search\` selects events that lie wholly in the range, both bounds included. An event that crosses a bound is not in the
answer: asked day by day, an event that crosses midnight is never found. Ask for a longer range, leave one bound open, or use
\`match=overlaps\` of \`/events\`.

## Paging

\`/search\` answers with all events of the range at once, and has no pages. Ask for shorter ranges to get less. \`/events\` has
pages: those by cursor are all of one version of the catalogue, those by number have totals. \`/changes\` has pages as well, and
each has the token of the next, also the last one. Answers are gzipped for clients that
accept it, and an unchanged answer costs a 304 without a body.

## Changes

\`/changes\` returns what is different since a token: a client that applies it by \`id\` has an exact copy, also of events that are
withdrawn or go offline. With \`Accept: text/event-stream\` the changes arrive as server-sent events. \`/rpde/events\` has the
catalogue and its changes as pages of OpenActive's RPDE.

## Errors

Every error has the same body: \`code\` is stable and meant for programs, \`message\` is meant for people.

| status | code | when |
|---|---|---|
${errorRows.join('\n')}

After a 503 wait for at least the seconds of \`Retry-After\`, and add jitter.

## Methods

HEAD has the headers of GET and no body. \`OPTIONS *\` is answered with 204 and the methods of the server. Where \`CORS_ORIGINS\`
allows the origin of a web page, the preflight of any path is answered with 204.
`;
