// Throttles reports of errors that repeat many times a second, such as those of a lost connection.

const intervalMs = 10_000;

/** Calls `report` at most once in ten seconds and drops the calls in between. */
export function throttled(report: (error: unknown) => void): (error: unknown) => void {
  let reportedAt = -Infinity;
  return (error) => {
    if (performance.now() - reportedAt < intervalMs) return;
    reportedAt = performance.now();
    report(error);
  };
}
