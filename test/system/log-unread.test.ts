// An unread log and a killed supervisor: neither prevents a process from exiting.

import { join } from 'node:path';
import test from 'ava';
import { directoryFor, inShell, root, startSystem, until, type System } from './_system.ts';

/** Makes the standard output a full pipe whose reader does not read. */
const unread = (fifo: string): string[] =>
  inShell(
    `mkfifo '${fifo}'; sleep 600 < '${fifo}' > /dev/null 2>&1 & exec > '${fifo}'; head -c 65536 /dev/zero`,
  );

const PROVIDER_URL = 'http://127.0.0.1:9/nobody';

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function childrenOf(system: System): Promise<number[]> {
  const { workers, ingest } = await system.status();
  return [...workers.map(({ pid }) => pid!), ingest!.pid!];
}

test.serial('SIGTERM stops a system with an unread log gracefully', async (t) => {
  const DATA_DIR = await directoryFor(t);
  const environment = { DATA_DIR, PROVIDER_URL, LOG_LEVEL: 'trace' };
  const system = await startSystem(t, environment, unread(join(DATA_DIR, 'log')));
  // Each of these writes a line to the log.
  for (let i = 0; i < 50; i++) await fetch(`${system.url}/search?starts_at=never`);
  const children = await childrenOf(system);
  system.kill('SIGTERM');
  await until('it has ended', () => !lives(system.pid), 30_000);
  t.false(children.some(lives));
});

test.serial('children of a killed supervisor exit, also with a full log or in an endless loop', async (t) => {
  const directory = await directoryFor(t);
  const environment = {
    DATA_DIR: join(directory, 'data'),
    PROVIDER_URL,
    API_WORKERS: '2',
    NODE_OPTIONS: `--import ${join(root, 'test/_chaos/preload.ts')}`,
  };
  const system = await startSystem(t, environment, unread(join(directory, 'log')));
  for (let i = 0; i < 50; i++) await fetch(`${system.url}/search?starts_at=never`);
  const children = await childrenOf(system);
  t.is(children.length, 3);
  process.kill(children[0]!, 'SIGUSR2');
  process.kill(system.pid, 'SIGKILL');
  await until('all have ended', () => !children.some(lives), 30_000);
});
