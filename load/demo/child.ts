// The system as a child process: it ends by itself, or is asked to, or is made to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Child {
  /** Resolves to the exit code; a signal gives 128 and its number, as in a shell. */
  readonly ended: Promise<number>;
  /** Waits for it to end on its own account, after `graceMs` kills it. Passes on `signal`, if one is given. */
  stop(graceMs: number, signal?: NodeJS.Signals): Promise<void>;
}

/** Runs a module with this Node, in this terminal and process group: Ctrl-C reaches it without our help. */
export function startChild(module: string, environment: NodeJS.ProcessEnv): Child {
  const child = spawn(process.execPath, [module], { stdio: 'inherit', env: environment });
  const ended = once(child, 'exit').then(([code, signal]) => exitCodeOf(code, signal));

  async function stop(graceMs: number, signal?: NodeJS.Signals): Promise<void> {
    if (signal !== undefined) child.kill(signal);
    const tooLong = new AbortController();
    const isLate = sleep(graceMs, true, { signal: tooLong.signal }).catch(() => false);
    if (await Promise.race([ended.then(() => false), isLate])) child.kill('SIGKILL');
    tooLong.abort();
    await ended;
  }

  return { ended, stop };
}

/** Node gives one of the two. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
}
