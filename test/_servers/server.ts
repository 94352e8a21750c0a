// A server program in a process group of its own, with a directory and a port of its own. It leaves nothing behind, also
// when its test fails or when the process of the test is terminated.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from './ending.ts';

export interface Program {
  /** Resolves when the server and all processes that it started have ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Suspends it (SIGSTOP): connections stay open, and nothing answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  readonly output: () => string;
}

export interface ProgramOptions {
  /** User and group to run as; those of the test when absent. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
});

export function startProgram(path: string, args: readonly string[], { user }: ProgramOptions = {}): Program {
  const child = spawn(path, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: tmpdir(),
    ...user,
  });
  const pid = child.pid ?? 0;
  running.add(pid);
  const ended = once(child, 'close').finally(() => running.delete(pid));
  const output = tailOf(child);
  return {
    output,
    async kill(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const family = await familyOf(pid);
        for (const one of signal === 'SIGKILL' ? family : [pid]) signalOne(one, signal);
        if (signal !== 'SIGKILL') for (const one of family) signalOne(one, 'SIGCONT');
      }
      await ended;
    },
    async freeze() {
      // The parent first: while it is suspended, it cannot replace a child.
      for (const one of await familyOf(pid)) signalOne(one, 'SIGSTOP');
    },
    async thaw() {
      for (const one of (await familyOf(pid)).toReversed()) signalOne(one, 'SIGCONT');
    },
  };
}

function tailOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => (text = `${text}${more}`.slice(-20_000)));
  }
  return () => text;
}

/** A process and its children: each child of PostgreSQL has a process group of its own. */
async function familyOf(pid: number): Promise<number[]> {
  const others = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(others.map(async (other) => [other, await parentOf(other)] as const));
  return [pid, ...parents.flatMap(([other, parent]) => (parent === pid ? [other] : []))];
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(/^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1] ?? 0);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended.
  }
}

const signalGroup = (pid: number, signal: NodeJS.Signals): void => signalOne(-pid, signal);

export async function directoryFor(ending: Ending): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-server-'));
  await chmod(directory, 0o755);
  ending.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

let nextPort = 20_000 + Math.floor(Math.random() * 11_000);

/** A port below the ephemeral range of the kernel, so that no outgoing connection takes it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++;
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** Polls until the call neither throws nor returns false. Throws after `withinMs`. */
export async function until(what: string, holds: () => unknown, withinMs = 60_000): Promise<void> {
  const begunAt = performance.now();
  let last: unknown;
  let waitedMs = 0;
  while (waitedMs < withinMs) {
    try {
      last = undefined;
      if ((await holds()) !== false) return;
    } catch (error) {
      last = error;
    }
    waitedMs = performance.now() - begunAt;
    // The longer it has waited, the less often: each question takes time from what is waited for.
    await sleep(Math.min(20 + waitedMs / 20, 250));
  }
  throw new Error(`Waited ${withinMs} ms in vain until ${what}.`, { cause: last });
}
