// Waiting for another process: asked again and again, never for ever.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs: number;
  /** Ends the wait with its reason: Ctrl-C, or the end of the process that is waited for. */
  readonly stop: AbortSignal;
  /** What the awaited process printed last, to be told when it took too long. */
  readonly words?: () => string;
}

/** What `ask` gives once that is not undefined; an error counts as not yet. Throws when it takes too long. */
export async function eventually<T>(ask: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const { what, withinMs, everyMs, stop, words } = patience;
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
  throw new Error(`Waited ${withinMs} ms in vain: ${what}.\n${words?.() ?? ''}`.trimEnd(), { cause: last });
}
