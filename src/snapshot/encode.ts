// Encodes segments. The same events always give the same bytes.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CatalogueEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { deflatePart, storedComma } from './gzip.ts';
import { splitLayers } from './layers.ts';
import { encodeLongIndex } from './long-index.ts';
import { bytesOf, writeSections, type Section } from './sections.ts';
import { blockEvents, blocksOf, ids, layerIds, sumLanes } from './segment.ts';

/** The text of each event, `,{…}`: one by one, and concatenated. */
interface Rendered {
  readonly events: readonly CatalogueEvent[];
  readonly texts: readonly Buffer[];
  readonly text: Buffer;
  readonly textAt: Uint32Array;
}

/** `events` sorted by (start, id), at least one. */
export function encodeSegment(events: readonly CatalogueEvent[]): Uint8Array {
  assert(events.length > 0, 'a segment holds at least one event');
  const split = splitLayers(events);
  const [brief, long] = [rendered(split.brief), rendered(split.long)];
  const hasBoth = split.brief.length > 0 && split.long.length > 0;
  const all = hasBoth ? rendered(events).text.subarray(1) : Buffer.alloc(0);
  return writeSections(events.length, split.long.length, [
    ...layerSections(ids.brief, brief),
    ...blockSections(brief),
    ...layerSections(ids.long, long),
    [ids.before, bytesOf(split.before)],
    [ids.longIndex, encodeLongIndex(split.long)],
    [ids.whole, hasBoth ? deflatePart(all) : all],
    [ids.wholeCrc, bytesOf(Uint32Array.of(hasBoth ? crc32(all) : 0))],
  ]);
}

function rendered(events: readonly CatalogueEvent[]): Rendered {
  const texts = events.map((event) => Buffer.from(`,${renderSummary(event)}`));
  return { events, texts, text: Buffer.concat(texts), textAt: placesOf(texts) };
}

function layerSections(first: number, { events, texts, text, textAt }: Rendered): Section[] {
  const starts = new Float64Array(events.length);
  const ends = new Float64Array(events.length);
  for (const [i, event] of events.entries()) {
    starts[i] = event.start;
    ends[i] = event.end;
  }
  return [
    [first + layerIds.starts, bytesOf(starts)],
    [first + layerIds.ends, bytesOf(ends)],
    [first + layerIds.textAt, bytesOf(textAt)],
    [first + layerIds.text, text],
    [first + layerIds.sums, bytesOf(sumUp(texts))],
  ];
}

function blockSections({ events, text, textAt }: Rendered): Section[] {
  const blocks = blocksOf(events.length);
  const parts: Buffer[] = [];
  const deflatedAt = new Uint32Array(blocks + 1);
  const crcs = new Uint32Array(blocks + 1);
  for (let block = 0; block < blocks; block++) {
    const end = Math.min(events.length, (block + 1) * blockEvents);
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

function sumUp(texts: readonly Buffer[]): Uint32Array {
  const sums = new Uint32Array((texts.length + 1) * sumLanes);
  texts.forEach((text, i) => {
    const digest = hash('sha256', text, 'buffer');
    for (let lane = 0; lane < sumLanes; lane++) {
      const at = i * sumLanes + lane;
      sums[at + sumLanes] = (sums[at] ?? 0) + digest.readUInt32LE(lane * 4);
    }
  });
  return sums;
}

/** The offset of each buffer in their concatenation, and its end. */
function placesOf(things: readonly Buffer[]): Uint32Array {
  const places = new Uint32Array(things.length + 1);
  things.forEach(({ length }, i) => (places[i + 1] = (places[i] ?? 0) + length));
  return places;
}
