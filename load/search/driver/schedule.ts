// When the requests of a fixed rate are due. A latency counts from that instant, however late the request was sent: a server
// that stalls delays all requests that are due meanwhile, not only the one that it is processing.

export interface Schedule {
  readonly requests: number;
  /** Milliseconds from the start at which request `n` is due; the first is 0. */
  dueAt(n: number): number;
  /** The number of requests that are due by then. */
  dueBy(elapsedMs: number): number;
}

export function createSchedule(perSecond: number, seconds: number): Schedule {
  const requests = Math.round(perSecond * seconds);
  const dueAt = (n: number): number => (n * 1000) / perSecond;
  return {
    requests,
    dueAt,
    dueBy: (elapsedMs) =>
      elapsedMs < 0 ? 0 : Math.min(requests, Math.floor((elapsedMs * perSecond) / 1000) + 1),
  };
}
