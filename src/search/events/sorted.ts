// The first events of an order other than by start. Where few events match, or the orders of segments are not kept: one scan of all
// that match, which keeps the best so far in a binary heap whose root is the worst of them. Its memory and its work per event do not
// depend on how many match.
// Source: Donald Knuth, "The Art of Computer Programming", volume 3, section 5.2.3.

import type { DetailedSegment, Edition } from './edition.ts';
import { hasAtMost } from './counts.ts';
import { firstInBeginning } from '#/search/sets/beginning.ts';
import { firstMerged } from './merged.ts';
import type { EventFilter, EventOrder } from './query.ts';
import { keyIn, precedes, rankedAt, type Ranked } from './ranking.ts';
import { refOf } from './refs.ts';
import { visitMatches } from './scan.ts';
import { titleKey } from './titles.ts';

/** A scan of as many takes less time than merging the orders of segments, of which a filter may admit few events. */
const scannedMax = 1000;

/** References to the first `limit` events of the order behind the event `after`; null for the beginning. */
export function firstInOrder(
  edition: Edition,
  filter: EventFilter,
  order: EventOrder,
  after: number | null,
  limit: number,
): number[] {
  const { by, descending } = order;
  if (by === 'start') return firstScanned(edition, filter, order, after, limit);
  const kept = { by, descending };
  const begun = firstInBeginning(edition, filter, kept, after, limit);
  if (begun !== null) return begun;
  const merged = hasAtMost(edition, filter, scannedMax)
    ? null
    : firstMerged(edition, filter, kept, after, limit);
  return merged ?? firstScanned(edition, filter, order, after, limit);
}

function firstScanned(
  edition: Edition,
  filter: EventFilter,
  order: EventOrder,
  after: number | null,
  limit: number,
): number[] {
  const { segments } = edition;
  const { descending } = order;
  const byTitle = order.by === 'title';
  const keyOf = keyIn(order);
  const last = after === null ? null : rankedAt(edition, order, after);
  const before = (a: Ranked, b: Ranked): boolean => precedes(edition, order, a, b);
  const heap: Ranked[] = [];
  let current = -1;
  let ranks = noTitles;

  visitMatches(edition, filter, false, null, (index, place) => {
    const segment = segments[index] as DetailedSegment;
    const worst = heap.length === limit ? (heap[0] as Ranked) : null;
    if (byTitle && index !== current) {
      current = index;
      ranks = titleRanks(segment, descending ? worst : last, descending ? last : worst);
    }
    if (byTitle && !ranks.admits(segment.details.titleRanks[place] as number)) return true;
    const key = keyOf(segment, place);
    if (worst !== null && key !== worst.key && key < worst.key === descending) return true;
    if (last !== null && key !== last.key && key < last.key !== descending) return true;
    const title = byTitle ? ranks.titleOf(segment.details.titleRanks[place] as number) : '';
    const ranked = { ref: refOf(index, place), key, title, idPrefix: -1 };
    if (last !== null && !before(last, ranked)) return true;
    if (worst === null) push(heap, ranked, before);
    else if (before(ranked, worst)) replaceRoot(heap, ranked, before);
    return true;
  });
  return heap.toSorted((a, b) => (before(a, b) ? -1 : 1)).map(({ ref }) => ref);
}

type Before = (a: Ranked, b: Ranked) => boolean;

function push(heap: Ranked[], ranked: Ranked, before: Before): void {
  heap.push(ranked);
  for (let at = heap.length - 1; at > 0;) {
    const parent = (at - 1) >>> 1;
    if (!before(heap[parent] as Ranked, ranked)) return;
    heap[at] = heap[parent] as Ranked;
    heap[parent] = ranked;
    at = parent;
  }
}

function replaceRoot(heap: Ranked[], ranked: Ranked, before: Before): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child] as Ranked, heap[child + 1] as Ranked)) child++;
    if (!before(ranked, heap[child] as Ranked)) break;
    heap[at] = heap[child] as Ranked;
    at = child;
  }
  heap[at] = ranked;
}

/** The titles of one segment, of which only those between two are of interest. */
interface TitleRanks {
  admits(rank: number): boolean;
  titleOf(rank: number): string;
}

const noTitles: TitleRanks = { admits: () => true, titleOf: () => '' };

/** Comparing ranks is cheap; the texts of titles are only read for those that may be taken. */
function titleRanks(segment: DetailedSegment, low: Ranked | null, high: Ranked | null): TitleRanks {
  const { titleAt } = segment.details;
  const titleOf = (rank: number): string => titleKey(segment, rank);
  /** How many titles are below `title`; with `equal`, at or below it. */
  const countBelow = (title: string, equal: boolean): number => {
    let [from, to] = [0, titleAt.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const seen = titleOf(middle);
      if (seen < title || (equal && seen === title)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const least = low === null ? 0 : countBelow(low.title, false);
  const most = high === null ? titleAt.length : countBelow(high.title, true);
  return { admits: (rank) => rank >= least && rank < most, titleOf };
}
