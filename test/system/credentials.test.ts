// A provider that needs credentials, with the whole system: only the provider gets them, and a reload reads a changed secret
// again.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { base, feed } from '../_support/feeds.ts';
import { serverFor } from '../provider/_line.ts';
import { startReceiver } from '../telemetry/_receiver.ts';
import { directoryFor, run, startSystem, until } from './_system.ts';

const secrets = { token: 'hunter-token', key: 'hunter-key', query: 'hunter-query', next: 'hunter-next' };

test('a provider gets the credentials, and no log, answer, trace or file contains them', async (t) => {
  let wanted = secrets.token;
  const elsewhere: object[] = [];
  const lure = await serverFor(t, ({ headers }, response) => {
    elsewhere.push(headers);
    response.end(feed([base()]));
  });
  let isMoved = false;
  const url = await serverFor(t, ({ headers, url: path = '' }, response) => {
    const isKnown =
      headers.authorization === `Bearer ${wanted}` &&
      headers['x-key'] === secrets.key &&
      path.endsWith(`?key=${secrets.query}`);
    if (isMoved) response.writeHead(302, { location: lure }).end();
    else if (!isKnown) response.writeHead(401).end();
    else response.end(feed([base()]));
  });
  const directory = await directoryFor(t);
  const [dataDir, token, file] = ['data', 'token', 'providers.json'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(token, `${secrets.token}\n`);
  const entry = {
    name: 'guarded',
    url: `${url}?key=\${FEED_KEY}`,
    headers: { 'X-Key': '${API_KEY}' },
    bearerFile: token,
    redirectHosts: ['127.0.0.1'],
    pollSeconds: 0.4,
    pollSecondsMax: 0.5,
  };
  await writeFile(file, JSON.stringify({ providers: [entry] }));
  const receiver = await startReceiver(t);
  const environment = { PROVIDERS_FILE: file, FEED_KEY: secrets.query, API_KEY: secrets.key };
  const system = await startSystem(t, {
    ...environment,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  const lastRun = async () => (await system.status()).providers['guarded']?.lastRun ?? null;
  await until('the feed is read', async () => (await system.status()).version > 0);

  // 1. The secret changes: refused, until a reload has read it again
  wanted = secrets.next;
  await until('it is refused', async () => (await lastRun())?.code === 'http_status');
  await writeFile(token, secrets.next);
  const reloaded = await fetch(`${system.adminUrl}/reload`, { method: 'POST' });
  t.is(reloaded.status, 200, await reloaded.text());
  await until('it is read again', async () => (await lastRun())?.outcome === 'unchanged');

  // 2. The feed redirects to another origin: the secret is not sent there
  isMoved = true;
  await until('the other origin is asked', () => elsewhere.length > 0);
  // 3. A file that cannot be read is a fault, and nothing changes
  await writeFile(file, JSON.stringify({ providers: [{ ...entry, bearerFile: `${token}-gone` }] }));
  const refused = await fetch(`${system.adminUrl}/reload`, { method: 'POST' });
  t.is(refused.status, 400);
  t.regex(await refused.text(), /bearerFile: got .*token-gone.*, expected a readable file/);
  await writeFile(file, JSON.stringify({ providers: [entry] }));

  // 4. The checker sends the same requests as the system
  isMoved = false;
  const check = run(t, 'src/commands/feed-check.ts', environment, ['--provider', 'guarded']);
  t.is(await check.ended, 0, check.output());
  t.regex(check.output(), /complete {3}yes/);

  // 5. The secrets are nowhere else, also not in the environment of the processes that the supervisor starts
  const { workers, ingest } = await system.status();
  for (const pid of [ingest?.pid, ...workers.map((worker) => worker.pid)]) {
    const inherited = await readFile(`/proc/${pid}/environ`, 'latin1');
    t.true(inherited.includes('PROVIDERS_FILE=') && !inherited.includes('hunter-'));
  }
  await until('it is traced', () => receiver.spans.some(({ name }) => name === 'fetch'));
  const told: Record<string, string> = { check: check.output(), elsewhere: JSON.stringify(elsewhere) };
  for (const path of ['/status', '/providers', '/providers/guarded/runs', '/metrics'])
    told[path] = await (await fetch(system.adminUrl + path)).text();
  system.kill('SIGTERM');
  t.is(await system.ended, 0);
  told['logs'] = system.output();
  told['traces'] = JSON.stringify(receiver.spans);
  for (const found of await readdir(dataDir, { recursive: true, withFileTypes: true }))
    if (found.isFile()) told[found.name] = await readFile(join(found.parentPath, found.name), 'latin1');
  t.true(Object.keys(told).length > 10);
  const encoded = Object.values(secrets).flatMap((one) => [one, Buffer.from(one).toString('base64')]);
  for (const [where, text] of Object.entries(told))
    for (const one of encoded) t.false(text.includes(one), `${one} in ${where}`);
});
