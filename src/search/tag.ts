// What an answer is called: the same events, the same tag, on every worker and host. Made from sums of the events' hashes,
// which the segments hold beforehand, so that a client's copy is recognised before anything is assembled.

import { sumLanes } from '#/snapshot/segment.ts';
import type { Stretch } from './search.ts';

/** 96 bits of the events' hashes and their number, in base 36; to be quoted as an entity tag. */
export function tagOf(stretches: readonly Stretch[]): string {
  const sums = new Uint32Array(sumLanes);
  let events = 0;
  for (const { segment, from, to } of stretches) {
    events += to - from;
    for (let lane = 0; lane < sumLanes; lane++) {
      const between =
        (segment.sums[to * sumLanes + lane] as number) - (segment.sums[from * sumLanes + lane] as number);
      sums[lane] = (sums[lane] as number) + between;
    }
  }
  const [a, b, c] = sums as unknown as [number, number, number];
  return `${events.toString(36)}-${a.toString(36)}${b.toString(36).padStart(7, '0')}${c.toString(36).padStart(7, '0')}`;
}
