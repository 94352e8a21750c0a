// A program that is not ours: found on the PATH or not, run to its end, or kept while it is needed.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Debian keeps servers where only root looks. */
const alsoIn = ['/usr/sbin', '/usr/local/sbin'];
const stopGraceMs = 5000;

/** Its path; null when it is not installed. */
export async function findProgram(name: string): Promise<string | null> {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), ...alsoIn]) {
    const path = join(directory, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

/** What it printed. Throws when it ends with another code than 0, and when stopped. */
export async function runProgram(path: string, args: readonly string[], stop: AbortSignal): Promise<string> {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], signal: stop });
  const words = wordsOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${path} ended with code ${code}.\n${words()}`.trimEnd());
  return words();
}

export interface Running extends AsyncDisposable {
  /** Aborts when it has ended, with its last words as the reason. */
  readonly ended: AbortSignal;
}

export function keepProgram(path: string, args: readonly string[]): Running {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = wordsOf(child);
  const end = new AbortController();
  child.once('error', (error) => end.abort(error));
  child.once('close', (code) =>
    end.abort(new Error(`${path} ended with code ${code}.\n${words()}`.trimEnd())),
  );
  return {
    ended: end.signal,
    async [Symbol.asyncDispose]() {
      if (end.signal.aborted) return;
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await once(end.signal, 'abort');
      clearTimeout(hard);
    },
  };
}

function wordsOf(child: ChildProcess): () => string {
  const wordsMax = 100_000;
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-wordsMax)));
  }
  return () => words;
}
