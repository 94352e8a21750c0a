// strace as a fault injector: it kills a process, or makes a system call fail, at exactly the Nth call of a kind.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { compileCache, root, type Environment } from '../system/_system.ts';

/** Whether strace is installed and may trace; if not, prints the reason once per file. */
export function straceWorks(): boolean {
  if (!isInstalled('strace')) return false;
  const { status, stderr } = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], { encoding: 'utf8' });
  if (status === 0) return true;
  process.stderr.write(
    `\nSKIPPED: strace may not trace here (${stderr.trim()}), so the tests that need it DO NOT RUN.\n\n`,
  );
  return false;
}

export interface Traced {
  /** The exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly isOver: boolean;
  readonly output: () => string;
  /** Kills the traced process itself. */
  terminate(): void;
}

/**
 * Runs a module of the project with a fault, such as `fsync:signal=KILL:when=3`; null for none. strace counts the calls of each
 * thread. File operations use one thread, so that the same run makes the same calls in the same order.
 */
export function runTraced(
  t: ExecutionContext,
  module: string,
  environment: Environment,
  fault: string | null,
): Traced {
  const call = fault?.split(':')[0] ?? 'none';
  const node = [process.execPath, join(root, module)];
  const tracing = ['-f', '-qqq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${fault}`];
  const [program = '', ...args] = fault === null ? node : [programAt('strace') ?? '', ...tracing, ...node];
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', UV_THREADPOOL_SIZE: '1', ...compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => (output = `${output}${more}`.slice(-20_000)));
  }
  let isOver = false;
  const signalAll = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The process has ended.
    }
  };
  const onExit = (): void => signalAll('SIGKILL');
  process.once('exit', onExit);
  const ended = once(child, 'close').then(([code, signal]) => {
    isOver = true;
    process.off('exit', onExit);
    return (code ?? signal) as number | NodeJS.Signals;
  });
  t.teardown(async () => {
    signalAll('SIGKILL');
    await ended;
  });
  return {
    ended,
    get isOver() {
      return isOver;
    },
    output: () => output,
    // strace passes the signal to the traced process.
    terminate: () => signalAll('SIGTERM'),
  };
}
