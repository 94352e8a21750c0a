// Encodes segments. The same events always give the same bytes.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CatalogueEvent, DetailedEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { encodeDetails } from './details.ts';
import { deflatePart, storedComma } from './gzip.ts';
import { splitLayers } from './layers.ts';
import { encodeLongIndex } from './long-index.ts';
import { bytesOf, writeSections, type Section } from './sections.ts';
import { blockEvents, blocksOf, ids, layerIds, sumLanes } from './segment.ts';

interface Rendered {
  readonly event: CatalogueEvent;
  /** `,{…}` */
  readonly text: Buffer;
}

/** `events` sorted by (start, id), at least one. */
export function encodeSegment(events: readonly DetailedEvent[]): Uint8Array {
  assert(events.length > 0, 'a segment holds at least one event');
  const texts = new Map(events.map((event) => [event, Buffer.from(`,${renderSummary(event)}`)]));
  const rendered = (list: readonly DetailedEvent[]): Rendered[] =>
    list.map((event) => ({ event, text: texts.get(event) ?? Buffer.alloc(0) }));
  const { brief, long, before } = splitLayers(events);
  const all = Buffer.concat([...texts.values()]).subarray(1);
  const hasBoth = brief.length > 0 && long.length > 0;
  return writeSections(events.length, long.length, [
    ...layerSections(ids.brief, rendered(brief)),
    ...blockSections(rendered(brief)),
    ...layerSections(ids.long, rendered(long)),
    [ids.before, bytesOf(before)],
    [ids.longIndex, encodeLongIndex(long)],
    [ids.whole, hasBoth ? deflatePart(all) : Buffer.alloc(0)],
    [ids.wholeCrc, bytesOf(Uint32Array.of(hasBoth ? crc32(all) : 0))],
    ...encodeDetails([...brief, ...long]),
  ]);
}

function layerSections(first: number, events: readonly Rendered[]): Section[] {
  const texts = events.map(({ text }) => text);
  return [
    [first + layerIds.starts, bytesOf(Float64Array.from(events, ({ event }) => event.start))],
    [first + layerIds.ends, bytesOf(Float64Array.from(events, ({ event }) => event.end))],
    [first + layerIds.textAt, bytesOf(placesOf(texts))],
    [first + layerIds.text, Buffer.concat(texts)],
    [first + layerIds.sums, bytesOf(sumUp(texts))],
  ];
}

function blockSections(events: readonly Rendered[]): Section[] {
  const parts: Buffer[] = [];
  const crcs = new Uint32Array(blocksOf(events.length) + 1);
  for (let block = 0; block + 1 < crcs.length; block++) {
    const own = events.slice(block * blockEvents, (block + 1) * blockEvents);
    const text = Buffer.concat(own.map((event) => event.text));
    parts.push(Buffer.concat([deflatePart(text.subarray(1)), storedComma]));
    crcs[block + 1] = crc32(text, crcs[block]);
  }
  return [
    [ids.deflatedAt, bytesOf(placesOf(parts))],
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
