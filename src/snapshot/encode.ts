// Encodes segments. The same events always give the same bytes.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CatalogueEvent, DetailedEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { createTextWriter } from '#/kit/text-writer.ts';
import { markBytes } from './companion/encode.ts';
import { createDetailsEncoder, markId } from './details.ts';
import { deflatePart, storedComma } from './gzip/gzip.ts';
import { splitOf, type Split } from './layers.ts';
import { encodeLongIndex } from './long-index.ts';
import { bytesOf, writeSections, type Section } from './sections.ts';
import { blockEvents, blocksOf, ids, layerIds, sumLanes } from './segment.ts';

/** The text of some events: `,{…}` of each, one behind the other. */
interface Rendered {
  readonly text: Buffer;
  /** The offset of each event in `text`, and the end. */
  readonly textAt: Uint32Array;
}

/** Takes the events of a segment one by one, so that no more than one of them need be in memory. */
export interface SegmentEncoder {
  /** The next event by place: see `splitLayers`. */
  add(event: DetailedEvent): void;
  /** Once all events are there. `mark`: of the companion, `markBytes` bytes. */
  finished(mark: Uint8Array): Uint8Array;
}

/** At least one event. */
export function createSegmentEncoder({ ordinals, brief: briefs, before }: Split): SegmentEncoder {
  const events = ordinals.length;
  assert(events > 0, 'a segment holds at least one event');
  const details = createDetailsEncoder(events);
  const [brief, long] = [createLayer(briefs), createLayer(events - briefs)];
  let added = 0;
  return {
    add(event) {
      (added++ < briefs ? brief : long).add(event);
      details.add(event);
    },
    finished(mark) {
      assert(added === events, `got ${added} of ${events} events`);
      const [briefText, longText] = [brief.rendered(), long.rendered()];
      const hasBoth = briefs > 0 && events > briefs;
      const all = hasBoth ? merge(briefText, longText, before) : Buffer.alloc(0);
      return writeSections(events, events - briefs, [
        ...layerSections(ids.brief, brief, briefText),
        ...blockSections(briefText),
        ...layerSections(ids.long, long, longText),
        [ids.before, bytesOf(before)],
        [ids.longIndex, encodeLongIndex(long.starts, long.ends)],
        [ids.whole, hasBoth ? deflatePart(all) : all],
        [ids.wholeCrc, bytesOf(Uint32Array.of(hasBoth ? crc32(all) : 0))],
        ...details.sections(),
        [markId, mark],
      ]);
    },
  };
}

/** `events` sorted by (start, id). The segment has no mark of a companion. */
export function encodeSegment(events: readonly DetailedEvent[]): Uint8Array {
  const split = splitOf(events);
  const encoder = createSegmentEncoder(split);
  for (const ordinal of split.ordinals) encoder.add(events[ordinal] as DetailedEvent);
  return encoder.finished(new Uint8Array(markBytes));
}

interface LayerColumns {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  add(event: CatalogueEvent): void;
  rendered(): Rendered;
}

/** One buffer for all events: a buffer for each would take most of the time of a build for its collection. */
function createLayer(events: number): LayerColumns {
  const [starts, ends] = [new Float64Array(events), new Float64Array(events)];
  const textAt = new Uint32Array(events + 1);
  const writer = createTextWriter();
  let added = 0;
  return {
    starts,
    ends,
    add(event) {
      starts[added] = event.start;
      ends[added] = event.end;
      textAt[++added] = writer.write(`,${renderSummary(event)}`);
    },
    rendered: () => ({ text: writer.finished(), textAt }),
  };
}

/** The text of both layers in order, without its first comma. `before`: see `splitLayers`. */
function merge(brief: Rendered, long: Rendered, before: Uint32Array): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  before.forEach((to, i) => {
    parts.push(brief.text.subarray(brief.textAt[from], brief.textAt[to]));
    parts.push(long.text.subarray(long.textAt[i], long.textAt[i + 1]));
    from = to;
  });
  parts.push(brief.text.subarray(brief.textAt[from]));
  return Buffer.concat(parts).subarray(1);
}

const layerSections = (
  first: number,
  { starts, ends }: LayerColumns,
  { text, textAt }: Rendered,
): Section[] => [
  [first + layerIds.starts, bytesOf(starts)],
  [first + layerIds.ends, bytesOf(ends)],
  [first + layerIds.textAt, bytesOf(textAt)],
  [first + layerIds.text, text],
  [first + layerIds.sums, bytesOf(sumUp({ text, textAt }))],
];

function blockSections({ text, textAt }: Rendered): Section[] {
  const events = textAt.length - 1;
  const blocks = blocksOf(events);
  const parts: Buffer[] = [];
  const deflatedAt = new Uint32Array(blocks + 1);
  const crcs = new Uint32Array(blocks + 1);
  for (let block = 0; block < blocks; block++) {
    const end = Math.min(events, (block + 1) * blockEvents);
    const own = text.subarray(textAt[block * blockEvents], textAt[end]);
    const part = deflatePart(own.subarray(1));
    parts.push(part, storedComma);
    deflatedAt[block + 1] = (deflatedAt[block] ?? 0) + part.length + storedComma.length;
    crcs[block + 1] = crc32(own, crcs[block]);
  }
  return [
    [ids.deflatedAt, bytesOf(deflatedAt)],
    [ids.deflated, Buffer.concat(parts)],
    [ids.crcs, bytesOf(crcs)],
  ];
}

function sumUp({ text, textAt }: Rendered): Uint32Array {
  const sums = new Uint32Array(textAt.length * sumLanes);
  for (let i = 0; i + 1 < textAt.length; i++) {
    // As a text of one character per byte: half the time of a buffer.
    const digest = hash('sha256', text.subarray(textAt[i], textAt[i + 1]), 'latin1');
    for (let lane = 0; lane < sumLanes; lane++) {
      const at = i * sumLanes + lane;
      sums[at + sumLanes] = (sums[at] ?? 0) + numberIn(digest, lane * 4);
    }
  }
  return sums;
}

/** 32 bits, little-endian. */
const numberIn = (bytes: string, at: number): number =>
  bytes.charCodeAt(at) |
  (bytes.charCodeAt(at + 1) << 8) |
  (bytes.charCodeAt(at + 2) << 16) |
  (bytes.charCodeAt(at + 3) << 24);
