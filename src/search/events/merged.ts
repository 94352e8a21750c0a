// The first events of an order other than by start, where many match: the orders of the segments are merged from their beginnings,
// until enough events are found. A binary heap has the next event of each segment that is open. A segment is opened when its first
// event comes before all of these; so most segments stay closed.
// Source of the merge: Donald Knuth, "The Art of Computer Programming", volume 3, section 5.4.1.

import { boundsOf } from '#/search/bounds.ts';
import { criteriaOf } from '#/search/sets/criteria.ts';
import { ordersWithin, placeIn, type KeptOrder, type PlaceOrder } from '#/search/sets/orders.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import { candidatesIn, type Candidates } from './filter.ts';
import type { EventFilter, EventOrder } from './query.ts';
import { precedes, rankedAt, type Ranked } from './ranking.ts';
import { refOf, segmentOf } from './refs.ts';

/** A segment whose events are being read in the order. */
interface Run {
  readonly segment: DetailedSegment;
  readonly index: number;
  /** Of the events that the set of the criteria has. */
  readonly order: PlaceOrder;
  readonly candidates: Candidates;
  /** The position behind that of the head. */
  next: number;
  head: Ranked;
}

/** References to the first `limit` events of the order behind `after`; null when the orders are not kept. */
export function firstMerged(
  edition: Edition,
  filter: EventFilter,
  order: EventOrder & { readonly by: KeptOrder },
  after: number | null,
  limit: number,
): number[] | null {
  const { segments } = edition;
  const { descending } = order;
  const criteria = criteriaOf(edition, filter);
  const kept = ordersWithin(edition, order.by, criteria.name, criteria.setIn);
  if (kept === null) return null;
  const orders = kept;
  const bounds = boundsOf(filter);
  const last = after === null ? null : rankedAt(edition, order, after);
  const before = (a: Ranked, b: Ranked): boolean => precedes(edition, order, a, b);
  const rank = (index: number, place: number): Ranked => rankedAt(edition, order, refOf(index, place));

  /** Moves to the next event that matches; false at the end. */
  function advance(run: Run): boolean {
    const { segment, index, candidates } = run;
    for (; run.next < run.order.places.length; run.next++) {
      const place = placeIn(run.order, descending, run.next);
      if (!isMatch(segment, candidates, place)) continue;
      run.next++;
      run.head = rank(index, place);
      return true;
    }
    return false;
  }

  /** Null when no event behind `last` matches. */
  function open(first: Ranked): Run | null {
    const index = segmentOf(first.ref);
    const segment = segments[index] as DetailedSegment;
    const candidates = candidatesIn(segment, index, criteria, bounds);
    if (candidates === null) return null;
    const run: Run = { segment, index, order: orders.of(index), candidates, next: 0, head: first };
    if (last !== null && !before(last, first)) run.next = positionBehind(run, last);
    return advance(run) ? run : null;
  }

  function positionBehind({ index, order: own }: Run, event: Ranked): number {
    let [low, high] = [0, own.places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(event, rank(index, placeIn(own, descending, middle)))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  const firsts = firstsOf(
    edition,
    `${order.by} ${descending} ${criteria.name}`,
    (index) => {
      const own = orders.of(index);
      return own.places.length === 0 ? null : rank(index, placeIn(own, descending, 0));
    },
    before,
  );
  const heap: Run[] = [];
  const refs: number[] = [];
  let opened = 0;
  while (refs.length < limit) {
    for (; opened < firsts.length; opened++) {
      const first = firsts[opened] as Ranked;
      if (heap.length > 0 && before((heap[0] as Run).head, first)) break;
      const run = open(first);
      if (run !== null) push(heap, run, before);
    }
    const run = heap[0];
    if (run === undefined) break;
    refs.push(run.head.ref);
    if (!advance(run)) {
      const end = heap.pop() as Run;
      if (end !== run) heap[0] = end;
    }
    sift(heap, before);
  }
  return refs;
}

/** `place`: of the set of the candidates. */
function isMatch({ brief, long }: DetailedSegment, candidates: Candidates, place: number): boolean {
  const { briefFrom, briefTo, longFrom, longTo, test } = candidates;
  if (place < brief.events) {
    if (place < briefFrom || place >= briefTo) return false;
    return test === null || test(place, brief.starts[place] as number, brief.ends[place] as number);
  }
  const ordinal = place - brief.events;
  if (ordinal < longFrom || ordinal >= longTo) return false;
  return test === null || test(place, long.starts[ordinal] as number, long.ends[ordinal] as number);
}

const known = new WeakMap<Edition, Map<string, readonly Ranked[]>>();
const namesMax = 64;

/** The first event of each segment that has one, in the order. `name`: of the order and of the set. */
function firstsOf(
  edition: Edition,
  name: string,
  firstIn: (index: number) => Ranked | null,
  before: (a: Ranked, b: Ranked) => boolean,
): readonly Ranked[] {
  let byName = known.get(edition);
  if (byName === undefined) known.set(edition, (byName = new Map()));
  let firsts = byName.get(name);
  if (firsts === undefined) {
    firsts = edition.segments
      .flatMap((_, index) => firstIn(index) ?? [])
      .toSorted((a, b) => (before(a, b) ? -1 : 1));
    if (byName.size === namesMax) byName.clear();
    byName.set(name, firsts);
  }
  return firsts;
}

type Before = (a: Ranked, b: Ranked) => boolean;

function push(heap: Run[], run: Run, before: Before): void {
  let at = heap.push(run) - 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    const above = heap[parent] as Run;
    if (before(above.head, run.head)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = run;
}

/** Moves the root down to where it belongs. */
function sift(heap: Run[], before: Before): void {
  const run = heap[0];
  if (run === undefined) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before((heap[child + 1] as Run).head, (heap[child] as Run).head)) child++;
    if (before(run.head, (heap[child] as Run).head)) break;
    heap[at] = heap[child] as Run;
    at = child;
  }
  heap[at] = run;
}
