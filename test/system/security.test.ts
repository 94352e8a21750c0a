// Access to the system as a whole: a public admin port, keys that are revoked while it runs, and what is open.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { hashOf, newKey } from '#/access/key.ts';
import { createPool } from '#/ingest/thread-pool.ts';
import { confinedOptions } from '#/kit/machine/confined-threads.ts';
import { createLog } from '#/telemetry/log.ts';
import { startStage } from '../_chaos/stage.ts';
import { makeCertificate, type Certificate } from '../_support/certificate.ts';
import { directoryFor, freePort, launchSystem, root, until } from './_system.ts';

test('the threads that parse feeds may compute, and nothing else', async (t) => {
  const log = createLog({ level: 'silent', actor: 'test' });
  const pool = createPool(1, log);
  t.teardown(() => pool.destroy());
  t.true(pool.options.execArgv?.includes('--permission'));
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  const program = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const tried = {
      'read a module': () => readFileSync(${JSON.stringify(join(root, 'src/main.ts'))}),
      'read a file of the system': () => readFileSync('/etc/passwd'),
      'read the environment of the process': () => readFileSync('/proc/self/environ'),
      write: () => writeFileSync(${JSON.stringify(join(await directoryFor(t), 'written'))}, ''),
      'start a program': () => require('node:child_process').spawnSync('true').error ?? null,
      'start a thread': () => new (require('node:worker_threads').Worker)('', { eval: true }),
      'load native code': () => process.dlopen({ exports: {} }, 'x.node'),
    };
    const seen = Object.entries(tried).map(([what, run]) => {
      try { return run() instanceof Error ? what + ': failed' : what; } catch (error) { return what + ': ' + error.code; }
    });
    const say = (how) => require('node:worker_threads').parentPort.postMessage([...seen, 'use the network' + how]);
    require('node:net').connect(${port}, '127.0.0.1')
      .on('connect', () => say('')).on('error', (error) => say(': ' + error.code));`;
  const thread = new Worker(program, { eval: true, ...confinedOptions() });
  const [seen] = (await once(thread, 'message')) as [string[]];
  await thread.terminate();
  const denied = (what: string): string => `${what}: ERR_ACCESS_DENIED`;
  t.deepEqual(seen, [
    'read a module',
    denied('read a file of the system'),
    denied('read the environment of the process'),
    denied('write'),
    denied('start a program'),
    denied('start a thread'),
    'load native code: ERR_DLOPEN_DISABLED',
    denied('use the network'),
  ]);
});

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
      scopes: ['search:read', 'changes:read'],
    });
    const keys = [{ ...entry('leaked', leaked), ...(revokedAt && { revokedAt }) }, entry('kept', kept)];
    return writeFile(file, JSON.stringify({ keys }));
  };
  await write();
  const redirectPort = await freePort();
  const { system } = await startStage(t, ({ url }) =>
    Promise.resolve({
      PROVIDER_URL: `${url}/raw/feed`,
      API_WORKERS: '2',
      API_KEYS_FILE: file,
      TLS_CERT: certFile,
      TLS_KEY: keyFile,
      TLS_REDIRECT_PORT: String(redirectPort),
    }),
  );
  const url = system.url.replace('http:', 'https:');
  let failed = 0;
  /** By default on a connection of its own each time: any worker may accept it. */
  const asked = (key?: string, ca = [old.cert, next.cert], agent: Agent | false = false): Promise<number> => {
    const headers = key === undefined ? {} : { 'x-api-key': key };
    return new Promise((resolve, reject) => {
      get(`${url}/search`, { agent, ca, headers }, (answer) => {
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
  const plain = (): Promise<Response> =>
    fetch(`http://127.0.0.1:${redirectPort}/search?starts_at=2021-01-01`, { redirect: 'manual' });
  const { status, headers: redirected } = await plain();
  t.is(status, 308);
  t.is(redirected.get('location'), `${url}/search?starts_at=2021-01-01`);

  // Streams that are open, and clients that ask all the time over connections that they keep.
  const ca = [old.cert, next.cert];
  const streams = await Promise.all(
    [leaked, leaked, leaked, kept].map(async (key) => {
      const headers = { 'x-api-key': key, accept: 'text/event-stream' };
      const request = get(`${url}/changes`, { agent: false, ca, headers });
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      t.teardown(() => request.destroy());
      t.is(answer.statusCode, 200);
      const text: string[] = [];
      answer.setEncoding('utf8').on('data', (more: string) => text.push(more));
      answer.on('error', () => undefined);
      return { key, ended: once(answer, 'close'), text: () => text.join('') };
    }),
  );
  let isOver = false;
  const steady = Array.from({ length: 4 }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
    for (; !isOver; await sleep(20))
      await asked(kept, ca, agent).then(
        (is) => is === 200 || failed++,
        () => failed++,
      );
    agent.destroy();
  });

  await write(new Date().toISOString());
  await use(next);
  let isReloaded = false;
  const reload = fetch(`${system.adminUrl}/reload`, { method: 'POST' }).finally(() => (isReloaded = true));
  let acceptedAt = performance.now();
  const begunAt = acceptedAt;
  // Each is a handshake; some follow the reload.
  for (let after = 0; after < 10; after += Number(isReloaded)) {
    if ((await asked(leaked)) === 200) acceptedAt = performance.now();
    if ((await asked(kept)) !== 200) failed++;
    await sleep(20);
  }
  t.is((await reload).status, 200);
  isOver = true;
  await Promise.all(steady);
  t.is(failed, 0);
  for (const { key, ended, text } of streams) {
    await ended;
    // The others end because their worker is replaced.
    t.is(text().includes('event: credential_invalid'), key === leaked, text());
  }
  t.is((await plain()).status, 308);
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
