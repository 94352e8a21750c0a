// Waits for a condition that another process brings about: polled, with a deadline.

import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** The condition, for the error: `nginx answers`. */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs: number;
  /** Ends the wait with its reason: Ctrl-C, or the exit of the awaited process. */
  readonly stop: AbortSignal;
  /** What the awaited process printed last: part of the error after the deadline. */
  readonly output?: () => string;
}

/** Calls `ask` until it returns a value that is not undefined; an error counts as not yet. Throws after `withinMs`. */
export async function waitFor<T>(ask: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const { what, withinMs, everyMs, stop, output } = options;
  const deadline = performance.now() + withinMs;
  let last: unknown;
  while (performance.now() < deadline) {
    stop.throwIfAborted();
    try {
      const found = await ask();
      if (found !== undefined) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
  }
  throw new Error(`Waited ${withinMs} ms, expected: ${what}.\n${output?.() ?? ''}`.trimEnd(), {
    cause: last,
  });
}
