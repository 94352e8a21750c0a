// Encodes segments. The same events always give the same bytes.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CatalogueEvent, DetailedEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { createTextWriter } from '#/kit/text-writer.ts';
import { markBytes } from './companion/encode.ts';
import { encodeDetails, markId } from './details.ts';
import { deflatePart, storedComma } from './gzip.ts';
import { splitLayers } from './layers.ts';
import { encodeLongIndex } from './long-index.ts';
import { bytesOf, writeSections, type Section } from './sections.ts';
import { blockEvents, blocksOf, ids, layerIds, sumLanes } from './segment.ts';

/** The text of some events: `,{…}` of each, one behind the other. */
interface Rendered {
  readonly text: Buffer;
  /** The offset of each event in `text`, and the end. */
  readonly textAt: Uint32Array;
}

/** `events` sorted by (start, id), at least one. `mark`: of the companion, `markBytes` bytes. */
export function encodeSegment(
  events: readonly DetailedEvent[],
  mark: Uint8Array = new Uint8Array(markBytes),
): Uint8Array {
  assert(events.length > 0, 'a segment holds at least one event');
  const { brief, long, before } = splitLayers(events);
  const hasBoth = brief.length > 0 && long.length > 0;
  const [briefText, longText] = [render(brief), render(long)];
  const all = hasBoth ? merge(briefText, longText, before) : Buffer.alloc(0);
  return writeSections(events.length, long.length, [
    ...layerSections(ids.brief, brief, briefText),
    ...blockSections(briefText),
    ...layerSections(ids.long, long, longText),
    [ids.before, bytesOf(before)],
    [ids.longIndex, encodeLongIndex(long)],
    [ids.whole, hasBoth ? deflatePart(all) : all],
    [ids.wholeCrc, bytesOf(Uint32Array.of(hasBoth ? crc32(all) : 0))],
    ...encodeDetails([...brief, ...long]),
    [markId, mark],
  ]);
}

/** One buffer for all events: a buffer for each would take most of the time of a build for its collection. */
function render(events: readonly CatalogueEvent[]): Rendered {
  const textAt = new Uint32Array(events.length + 1);
  const writer = createTextWriter();
  events.forEach((event, i) => (textAt[i + 1] = writer.write(`,${renderSummary(event)}`)));
  return { text: writer.finished(), textAt };
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

function layerSections(
  first: number,
  events: readonly CatalogueEvent[],
  { text, textAt }: Rendered,
): Section[] {
  const starts = new Float64Array(events.length);
  const ends = new Float64Array(events.length);
  events.forEach((event, i) => {
    starts[i] = event.start;
    ends[i] = event.end;
  });
  return [
    [first + layerIds.starts, bytesOf(starts)],
    [first + layerIds.ends, bytesOf(ends)],
    [first + layerIds.textAt, bytesOf(textAt)],
    [first + layerIds.text, text],
    [first + layerIds.sums, bytesOf(sumUp({ text, textAt }))],
  ];
}

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
