// A Node process that a benchmark starts: it says things over IPC, and is gone when its owner is done with it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What a child of ours says; what comes with it is agreed between the two. */
export interface Said {
  readonly type: string;
  readonly [more: string]: unknown;
}

export interface SlotOptions {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** False for a program that knows nothing of us. */
  readonly talks?: boolean;
}

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Aborts when it has ended, with how and with its last words as the reason. */
  readonly ended: AbortSignal;
  /** The last of what it printed. */
  words(): string;
  send(message: Said): void;
  /** The next thing of this type that it says, or has said already. Throws when it ends, or not in time. */
  hear<T extends Said>(type: T['type'], withinMs: number, stop: AbortSignal): Promise<T>;
}

const lastWordsMax = 4000;
const stopGraceMs = 15_000;

/** Only these of our own variables: a benchmark must not depend on what else is set here. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS'];

export function startChild(module: URL, options: SlotOptions = {}): Child {
  const { args = [], nodeArgs = [], environment = {}, talks = true } = options;
  const path = fileURLToPath(module);
  const child = spawn(process.execPath, [...nodeArgs, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', ...(talks ? (['ipc'] as const) : [])],
    env: { ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])), ...environment },
  });
  const words = wordsOf(child);
  const ended = endOf(child, basename(path), words);
  const said: Said[] = [];
  child.on('message', (message) => said.push(message as Said));

  async function hear<T extends Said>(type: T['type'], withinMs: number, stop: AbortSignal): Promise<T> {
    const signal = AbortSignal.any([stop, ended, AbortSignal.timeout(withinMs)]);
    for (;;) {
      const at = said.findIndex((message) => message.type === type);
      if (at >= 0) return said.splice(at, 1)[0] as T;
      signal.throwIfAborted();
      await once(child, 'message', { signal }).catch(() => signal.throwIfAborted());
    }
  }

  return {
    pid: child.pid ?? 0,
    ended,
    words,
    send: (message) => void child.send(message, () => undefined),
    hear,
    async [Symbol.asyncDispose]() {
      if (ended.aborted) return;
      child.kill('SIGTERM');
      await sleep(stopGraceMs, undefined, { signal: ended, ref: false }).catch(() => undefined);
      if (ended.aborted) return;
      child.kill('SIGKILL');
      await once(ended, 'abort');
    },
  };
}

function wordsOf(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-lastWordsMax)));
  }
  return () => words.trimEnd();
}

function endOf(child: ChildProcess, name: string, words: () => string): AbortSignal {
  const end = new AbortController();
  child.once('error', (error) => end.abort(error));
  child.once('close', (code, signal) => {
    end.abort(new Error(`${name} ended with ${signal ?? `code ${code}`}.\n${words()}`.trimEnd()));
  });
  return end.signal;
}
