// The changes from one version of the catalogue to another. Segments that both versions have are skipped; the others are merged
// in the order of (start, id), whatever days they cover. An event that moved to another start is found by its id.

import type { Edition } from '#/search/events/edition.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import { sourceOf } from '#/snapshot/details.ts';
import { isSame, kindOf } from './compare.ts';
import { idOfRef, idTableOf } from './id-table.ts';
import { changeKinds, type ChangeKind } from './kinds.ts';
import { advance, orderOf, placeOfWalk, refOfWalk, walkLayer, type LayerWalk } from './walk.ts';

/** Depends on the two versions only: every worker of every host has the same changes in the same order. It holds no version. */
export interface Diff {
  readonly length: number;
  /** The changes before this one have an event, in the order of rows.ts; the others are removals. */
  readonly events: number;
  kindAt(i: number): ChangeKind;
  /** A reference into the newer version. Not for an event that was removed. */
  refAt(i: number): number;
  /** Only for an event that was removed. */
  removedAt(i: number): { readonly id: string; readonly provider: string };
  /** Bytes of memory, about. */
  readonly bytes: number;
}

/** Events between two points at which a diff can be interrupted: a fraction of a millisecond. */
const sliceEvents = 4096;

/** Yields when others may be given their turn. */
export function* diffOf(base: Edition, target: Edition): Generator<void, Diff> {
  const shared = new Set(base.segments).intersection(new Set(target.segments));
  const changedIn = ({ segments }: Edition): number[] =>
    segments.flatMap((segment, index) => (shared.has(segment) ? [] : [index]));
  const [before, after] = [changedIn(base), changedIn(target)];
  const found: Found = { refs: [], kinds: [], gained: [], lost: [] };
  for (const layer of ['brief', 'long'] as const)
    yield* merge(walkLayer(base, layer, before), walkLayer(target, layer, after), found);
  yield* matchMoved(base, target, found);
  return diffFrom(base, found);
}

interface Found {
  /** Into the target, in the order of the diff. */
  readonly refs: number[];
  readonly kinds: ChangeKind[];
  /** Indexes in `refs` of events that the base does not have at their start. */
  readonly gained: number[];
  /** References into the base, to events that the target does not have at their start. */
  readonly lost: number[];
}

function* merge(a: LayerWalk, b: LayerWalk, { refs, kinds, gained, lost }: Found): Generator<void> {
  for (let steps = 1; a.layer !== null || b.layer !== null; steps++) {
    const order = a.layer === null ? 1 : b.layer === null ? -1 : orderOf(a, b);
    if (order < 0) lost.push(refOfWalk(a));
    else if (order > 0) {
      gained.push(refs.length);
      refs.push(refOfWalk(b));
      kinds.push('new');
    } else if (!isSame(a.segment, placeOfWalk(a), b.segment, placeOfWalk(b))) {
      refs.push(refOfWalk(b));
      kinds.push(kindOf(a.segment, placeOfWalk(a), b.segment, placeOfWalk(b)));
    }
    if (order <= 0) advance(a);
    if (order >= 0) advance(b);
    if (steps % sliceEvents === 0) yield;
  }
}

/** An event that both versions have at different starts, or in different layers, is not new. Those are taken out of `lost`. */
function* matchMoved(base: Edition, target: Edition, { refs, kinds, gained, lost }: Found): Generator<void> {
  if (gained.length === 0 || lost.length === 0) return;
  const table = yield* idTableOf(base, lost);
  const moved = new Set<number>();
  for (const [steps, i] of gained.entries()) {
    const ref = refs[i] as number;
    const at = table.take(idOfRef(target, ref));
    if (at >= 0) {
      const old = lost[at] as number;
      moved.add(at);
      const [one, other] = [base.segments[segmentOf(old)], target.segments[segmentOf(ref)]];
      if (one !== undefined && other !== undefined) kinds[i] = kindOf(one, placeOf(old), other, placeOf(ref));
    }
    if (steps % (sliceEvents / 4) === 0) yield;
  }
  const removed = lost.filter((_, at) => !moved.has(at));
  lost.length = 0;
  for (const ref of removed) lost.push(ref);
}

const removedBytes = 150;

function diffFrom(base: Edition, { refs, kinds, lost }: Found): Diff {
  const at = Float64Array.from(refs);
  const codes = Uint8Array.from(kinds, (kind) => changeKinds.indexOf(kind));
  const removed = lost.map((ref) => ({ id: idOfRef(base, ref), provider: providerOf(base, ref) }));
  return {
    length: refs.length + removed.length,
    events: refs.length,
    kindAt: (i) => changeKinds[codes[i] ?? changeKinds.indexOf('removed')] ?? 'changed',
    refAt: (i) => at[i] as number,
    removedAt: (i) => removed[i - at.length] as (typeof removed)[number],
    bytes: at.byteLength + codes.byteLength + removed.length * removedBytes,
  };
}

export function providerOf({ segments }: Edition, ref: number): string {
  const details = segments[segmentOf(ref)]?.details;
  const traits = details?.traits[placeOf(ref)] ?? 0;
  return details?.sources[sourceOf(traits)]?.provider ?? '';
}
