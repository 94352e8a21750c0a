// When the requests of a fixed rate are due. A latency is counted from that instant, however late the request was sent and
// whatever it had to wait for: a server that stalls makes all that were due meanwhile slow, not only the one it held.

export interface Schedule {
  readonly requests: number;
  /** Milliseconds from the start at which request `n` is due; the first is 0. */
  dueAt(n: number): number;
  /** How many are due by then. */
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
