// A Node child process with a bounded lifetime: disposing it stops it. A benchmark's own children also send messages over
// IPC.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A message over IPC; its other fields depend on the type. */
export interface Message {
  readonly type: string;
  readonly [more: string]: unknown;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  /** Added to `PATH`, `HOME`, `TMPDIR` and `NODE_OPTIONS`; undefined removes a variable. */
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  /** False for a program that sends no messages. */
  readonly ipc?: boolean;
  /** True: the child reads from and prints to this terminal. False, the default: its output is kept for errors. */
  readonly terminal?: boolean;
}

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Aborts when the process has ended; the reason is an Error with its exit code or signal and its last output. */
  readonly ended: AbortSignal;
  /** The last characters that it printed. */
  output(): string;
  /** Resolves when the process has ended: its exit code, or 128 + the number of a signal, as in a shell. */
  exitCode(): Promise<number>;
  /** Sends `signal`, if any, and waits for the end; after 15 s sends SIGKILL. Disposing stops with SIGTERM. */
  stop(signal: NodeJS.Signals | null): Promise<void>;
  send(message: Message): void;
  /** The next message of this type, also one that has arrived already. Throws when the child ends, or after `withinMs`. */
  receive<T extends Message>(type: T['type'], withinMs: number, cancel: AbortSignal): Promise<T>;
}

const outputCharactersMax = 4000;
const stopGraceMs = 15_000;

/** A benchmark must not depend on other variables of this process. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS'];

export function startChild(module: URL, options: ChildOptions = {}): Child {
  const { args = [], nodeArgs = [], environment = {}, ipc = true, terminal = false } = options;
  const path = fileURLToPath(module);
  const child = spawn(process.execPath, [...nodeArgs, path, ...args], {
    stdio: [...stdioOf(terminal), ...(ipc ? (['ipc'] as const) : [])],
    env: { ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])), ...environment },
  });
  const output = outputOf(child);
  const ended = endOf(child, basename(path), output);
  const received: Message[] = [];
  child.on('message', (message) => received.push(message as Message));

  async function receive<T extends Message>(
    type: T['type'],
    withinMs: number,
    cancel: AbortSignal,
  ): Promise<T> {
    const signal = AbortSignal.any([cancel, ended, AbortSignal.timeout(withinMs)]);
    for (;;) {
      const at = received.findIndex((message) => message.type === type);
      if (at >= 0) return received.splice(at, 1)[0] as T;
      signal.throwIfAborted();
      await once(child, 'message', { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async function stop(signal: NodeJS.Signals | null): Promise<void> {
    if (ended.aborted) return;
    if (signal !== null) child.kill(signal);
    await sleep(stopGraceMs, undefined, { signal: ended, ref: false }).catch(() => undefined);
    if (ended.aborted) return;
    child.kill('SIGKILL');
    await once(ended, 'abort');
  }

  async function exitCode(): Promise<number> {
    if (!ended.aborted) await once(ended, 'abort');
    if (child.pid === undefined) throw ended.reason; // it never started
    return child.exitCode ?? (child.signalCode === null ? 1 : 128 + constants.signals[child.signalCode]);
  }

  return {
    pid: child.pid ?? 0,
    ended,
    output,
    send: (message) => void child.send(message, () => undefined),
    receive,
    exitCode,
    stop,
    [Symbol.asyncDispose]: () => stop('SIGTERM'),
  };
}

const stdioOf = (terminal: boolean) =>
  terminal ? (['inherit', 'inherit', 'inherit'] as const) : (['ignore', 'pipe', 'pipe'] as const);

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream
      ?.setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-outputCharactersMax)));
  }
  return () => output.trimEnd();
}

function endOf(child: ChildProcess, name: string, output: () => string): AbortSignal {
  const end = new AbortController();
  child.once('error', (error) => end.abort(error));
  child.once('close', (code, signal) => {
    end.abort(new Error(`${name} ended with ${signal ?? `code ${code}`}.\n${output()}`.trimEnd()));
  });
  return end.signal;
}
