// Whether two samples differ: the Wilcoxon–Mann–Whitney rank-sum test, two-sided. It assumes no distribution of the noise.
// Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other", 1947.

/** Up to this product of the sizes, and without ties, the probability is exact. */
const exactMax = 2500;

/** The probability that samples of one source differ at least as much, 0 to 1; 1 when either is empty. */
export function rankSumProbability(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 1;
  const { u, ties } = statisticOf(a, b);
  const least = Math.min(u, a.length * b.length - u);
  if (ties.length === 0 && a.length * b.length <= exactMax) return exact(least, a.length, b.length);
  return approximate(least, a.length, b.length, ties);
}

/** U counts the pairs in which the value of `a` is larger; equal values count as half. `ties`: sizes of groups of equal values. */
function statisticOf(a: readonly number[], b: readonly number[]): { u: number; ties: readonly number[] } {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))];
  all.sort((one, other) => one.value - other.value);
  const ties: number[] = [];
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    // Equal values share the mean of their ranks, which begin at 1.
    for (let at = from; at < to; at++) if (all[at]?.isA === true) ranks += (from + 1 + to) / 2;
    if (to - from > 1) ties.push(to - from);
    from = to;
  }
  return { u: ranks - (a.length * (a.length + 1)) / 2, ties };
}

/** Counts the arrangements of n and m values with each U: those of n and m are those of n - 1 and m, plus n and m - 1. */
function exact(least: number, n: number, m: number): number {
  // counts[j][u] for the current number of values of the first sample.
  let counts: number[][] = Array.from({ length: m + 1 }, () => [1]);
  for (let i = 1; i <= n; i++) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= m; j++) {
      const [withLast, without] = [counts[j] ?? [], next[j - 1] ?? []];
      next.push(Array.from({ length: i * j + 1 }, (_, u) => (withLast[u - j] ?? 0) + (without[u] ?? 0)));
    }
    counts = next;
  }
  const ways = counts[m] ?? [];
  const total = ways.reduce((sum, count) => sum + count, 0);
  const below = ways.slice(0, Math.floor(least) + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * below) / total);
}

/** By the normal distribution, corrected for continuity and ties. */
function approximate(least: number, n: number, m: number, ties: readonly number[]): number {
  const size = n + m;
  const tied = ties.reduce((sum, count) => sum + count ** 3 - count, 0);
  const variance = ((n * m) / 12) * (size + 1 - tied / (size * (size - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, (n * m) / 2 - least - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * upperTail(z));
}

/** P(Z > z) for z ≥ 0, to 1e-7. Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.17. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const polynomial =
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
