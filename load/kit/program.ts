// An installed program, such as nginx or wrk: found on the PATH, run to its end, or run until it is disposed.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Debian installs servers here, which is on the PATH of root only. */
const alsoIn = ['/usr/sbin', '/usr/local/sbin'];
const stopGraceMs = 5000;

/** The path of the program; null when it is not installed. */
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

/** Returns what the program printed. Throws when its exit code is not 0, and when `stop` aborts. */
export async function runProgram(path: string, args: readonly string[], stop: AbortSignal): Promise<string> {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], signal: stop });
  const output = outputOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${path} ended with code ${code}.\n${output()}`.trimEnd());
  return output();
}

export interface Running extends AsyncDisposable {
  /** Aborts when the program has ended; the reason is an Error with its last output. */
  readonly ended: AbortSignal;
}

export function startProgram(path: string, args: readonly string[]): Running {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = outputOf(child);
  const end = new AbortController();
  child.once('error', (error) => end.abort(error));
  child.once('close', (code) =>
    end.abort(new Error(`${path} ended with code ${code}.\n${output()}`.trimEnd())),
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

function outputOf(child: ChildProcess): () => string {
  const charactersMax = 100_000;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream
      ?.setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-charactersMax)));
  }
  return () => output;
}
