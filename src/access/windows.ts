// The shared counters of one host: how many tokens each client has taken in its window. The supervisor holds them for all
// processes. Fixed windows, each beginning with the first request after the last one.

import { LRUCache } from 'lru-cache';
import type { Consumed } from './budgets.ts';

export interface Windows {
  /** `windowMs`: the length of a window that begins now. */
  consume(client: string, tokens: number, windowMs: number): Consumed;
}

/** Beyond this, the client that was longest silent begins a new window. */
const clientsMax = 100_000;

interface Window {
  used: number;
  endsAt: number;
}

/** `now`: milliseconds of a monotonic clock. */
export function createWindows(now: () => number): Windows {
  const windows = new LRUCache<string, Window>({ max: clientsMax });
  return {
    consume(client, tokens, windowMs) {
      const at = now();
      let window = windows.get(client);
      if (window === undefined || at >= window.endsAt) {
        window = { used: 0, endsAt: at + windowMs };
        windows.set(client, window);
      }
      window.used = Math.max(0, window.used + tokens);
      return { used: window.used, resetsInMs: window.endsAt - at };
    },
  };
}
