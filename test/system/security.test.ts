// Access to the system as a whole: a public admin port, keys that are revoked while it runs, and what is open.

import { writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import test from 'ava';
import { hashOf, newKey } from '#/access/key.ts';
import { startStage } from '../_chaos/stage.ts';
import { makeCertificate, type Certificate } from '../_support/certificate.ts';
import { directoryFor, launchSystem, until } from './_system.ts';

test('an admin port that others reach is refused without a credential, with exit code 78', async (t) => {
  const system = await launchSystem(t, {
    ADMIN_HOST: '0.0.0.0',
    DATA_DIR: join(await directoryFor(t), 'data'),
  });
  t.is(await system.ended, 78);
  t.regex(system.output(), /ADMIN_HOST: got "0\.0\.0\.0", expected 127\.0\.0\.1, or a credential/);
});

test('a reload revokes a key within a second in every worker, and exchanges the certificate, without a failed request', async (t) => {
  const directory = await directoryFor(t);
  const [old, next] = [await makeCertificate(directory, 'old'), await makeCertificate(directory, 'next')];
  const [certFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  const use = async ({ cert, key }: Certificate): Promise<void> => {
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
  };
  await use(old);
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
    Promise.resolve({
      PROVIDER_URL: `${url}/raw/feed`,
      API_WORKERS: '2',
      API_KEYS_FILE: file,
      TLS_CERT: certFile,
      TLS_KEY: keyFile,
    }),
  );
  const url = system.url.replace('http:', 'https:');
  const asked = (key?: string, ca = [old.cert, next.cert]): Promise<number> => {
    // A connection of its own each time: any worker may accept it.
    const headers = key === undefined ? {} : { 'x-api-key': key };
    return new Promise((resolve, reject) => {
      get(`${url}/search`, { agent: false, ca, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      }).on('error', reject);
    });
  };
  t.deepEqual(
    [await asked(), await asked(leaked), await asked(kept), await asked(token)],
    [401, 200, 200, 401],
  );
  t.regex(system.output(), /the admin port is open to programs on this host: no ADMIN_TOKEN/);
  t.notRegex(system.output(), /the search API is open/);

  await write(new Date().toISOString());
  await use(next);
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
  for (let i = 0; i < 20; i++) t.is(await asked(leaked, [next.cert]), 401);
  await t.throwsAsync(asked(kept, [old.cert]));
  t.is(await asked(kept), 200);
  const output = system.output();
  for (const secret of [leaked, kept, hashOf(leaked)]) t.false(output.includes(secret));
  t.regex(
    output,
    /"by":"no credential","from":"127\.0\.0\.1","method":"POST","path":"\/reload","status":200/,
  );
});
