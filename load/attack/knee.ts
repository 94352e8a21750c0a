// The knee: the highest rate at which an objective still holds.

/**
 * Doubles the rate from `from` until `holds` is false or the rate is `max`, then halves the interval until its ends are within
 * `precision` (a share) of each other. Resolves to the highest rate that held; 0 when not even `from` did. Ends after at most
 * 2 × log2(max / from) + log2(1 / precision) calls.
 */
export async function findKnee(
  holds: (perSecond: number) => Promise<boolean>,
  { from, max, precision }: { readonly from: number; readonly max: number; readonly precision: number },
): Promise<number> {
  let [good, bad] = [0, Infinity];
  for (let rate = Math.min(from, max); ; rate = Math.min(rate * 2, max)) {
    if (await holds(rate)) good = rate;
    else bad = rate;
    if (bad < Infinity || good === max) break;
  }
  while (good > 0 && bad < Infinity && bad - good > precision * good) {
    const rate = Math.round((good + bad) / 2);
    if (rate === good || rate === bad) break;
    if (await holds(rate)) good = rate;
    else bad = rate;
  }
  return good;
}
