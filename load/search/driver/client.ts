// The undici client of the drivers: its timeouts, and the result of each request.

import { Client, type Dispatcher } from 'undici';

/** With `pipelining` 0, undici closes each connection after its answer. */
export function createClient(url: string, pipelining: 0 | 1, timeoutSeconds: number): Client {
  const timeoutMs = timeoutSeconds * 1000;
  return new Client(url, {
    pipelining,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  });
}

/** Calls `over` once, with the fault if any. undici itself checks that the body is as long as its header says. */
export function handlerOf(over: (fault?: string) => void, wanted = 200): Dispatcher.DispatchHandler {
  let status = 0;
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, code) => void (status = code),
    onResponseData: () => undefined,
    onResponseEnd: () => (status === wanted ? over() : over(`status ${status}`)),
    onResponseError: (_controller, error) => over(error.message),
  };
}

export interface Tally {
  /** Counts a fault; undefined is a success. */
  add(fault: string | undefined): void;
  /** `3 × status 503`, one for each kind. */
  failures(): string[];
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add(fault) {
      if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    },
    failures: () => Array.from(counts, ([fault, count]) => `${count} × ${fault}`),
  };
}
