// Access to the system as a whole: a public admin port, keys that are revoked while it runs, and what is open.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { hashOf, newKey } from '#/access/key.ts';
import { startStage } from '../_chaos/stage.ts';
import { directoryFor, launchSystem, until } from './_system.ts';

test('an admin port that others reach is refused without a credential, with exit code 78', async (t) => {
  const system = await launchSystem(t, {
    ADMIN_HOST: '0.0.0.0',
    DATA_DIR: join(await directoryFor(t), 'data'),
  });
  t.is(await system.ended, 78);
  t.regex(system.output(), /ADMIN_HOST: got "0\.0\.0\.0", expected 127\.0\.0\.1, or a credential/);
});

test('a key that is revoked by a reload is refused within a second by every worker, others go on', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'keys.json');
  const [leaked, kept, token] = [newKey(), newKey(), 'a-secret-of-admins'];
  const write = (revokedAt?: string): Promise<void> => {
    const entry = (name: string, key: string) => ({
      name,
      hash: `sha256:${hashOf(key)}`,
      scopes: ['search:read'],
    });
    const keys = [{ ...entry('leaked', leaked), ...(revokedAt && { revokedAt }) }, entry('kept', kept)];
    return writeFile(file, JSON.stringify({ keys }));
  };
  await write();
  const { system } = await startStage(t, ({ url }) =>
    Promise.resolve({ PROVIDER_URL: `${url}/raw/feed`, API_WORKERS: '2', API_KEYS_FILE: file }),
  );
  const asked = async (key?: string): Promise<number> => {
    // A connection of its own each time: any worker may accept it.
    const headers = { connection: 'close', ...(key === undefined ? {} : { 'x-api-key': key }) };
    return (await fetch(`${system.url}/search`, { headers })).status;
  };
  t.deepEqual(
    [await asked(), await asked(leaked), await asked(kept), await asked(token)],
    [401, 200, 200, 401],
  );
  t.regex(system.output(), /the admin port is open to programs on this host: no ADMIN_TOKEN/);
  t.notRegex(system.output(), /the search API is open/);

  await write(new Date().toISOString());
  const reload = fetch(`${system.adminUrl}/reload`, { method: 'POST' });
  let acceptedAt = performance.now();
  const begunAt = acceptedAt;
  let failed = 0;
  for (let i = 0; i < 200; i++) {
    if ((await asked(leaked)) === 200) acceptedAt = performance.now();
    if ((await asked(kept)) !== 200) failed++;
  }
  t.is((await reload).status, 200);
  t.is(failed, 0);
  t.true(acceptedAt - begunAt < 1000, `${acceptedAt - begunAt} ms`);
  await until('the reload has ended', async () => (await system.status()).state === 'running');
  for (let i = 0; i < 20; i++) t.is(await asked(leaked), 401);
  t.is(await asked(kept), 200);
  const output = system.output();
  for (const secret of [leaked, kept, hashOf(leaked)]) t.false(output.includes(secret));
  t.regex(output, /"method":"POST","path":"\/reload","by":"no credential"/);
});
