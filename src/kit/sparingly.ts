// For errors that repeat many times a second, as those of a connection that is down: one in ten seconds is enough.

const intervalMs = 10_000;

/** Calls `report` at most once in ten seconds; what comes in between is dropped. */
export function sparingly(report: (error: unknown) => void): (error: unknown) => void {
  let reportedAt = -Infinity;
  return (error) => {
    if (performance.now() - reportedAt < intervalMs) return;
    reportedAt = performance.now();
    report(error);
  };
}
