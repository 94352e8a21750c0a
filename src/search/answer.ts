// Turns a selection into the bytes of an answer. Nothing is serialised here: the JSON was rendered when the segment was built.

import { crc32, gzipSync } from 'node:zlib';
import { crcOfRest } from '#/snapshot/gzip/crc.ts';
import { createGzipStitcher, roomFor, storedComma, type GzipStitcher } from '#/snapshot/gzip/gzip.ts';
import { blockEvents, blocksOf, type BriefLayer, type Layer, type Segment } from '#/snapshot/segment.ts';
import type { Selection, Stretch } from './selection.ts';
import { copyMerged, mergeLayers, type MergedTexts } from './merge.ts';

const head = Buffer.from('{"data":{"events":[');
const tail = Buffer.from(']},"error":null}');
const comma = Buffer.from(',');

/** An answer up to this length is copied into one buffer: the copy is still in the CPU cache and sends faster than several parts. */
export const scratchBytes = 65_536;
/** In longer answers, texts of at least this length are sent from where they are; shorter ones are copied together. */
const referredMin = 8192;

/** Up to this length, most of an answer lies outside whole blocks, so it is deflated as a whole. */
const deflatedWholeMax = 16_384;

export interface Pieces {
  readonly parts: readonly Buffer[];
  readonly bytes: number;
}

/** The length of the answer, without building it. */
export const answerBytes = ({ events, textBytes }: Selection): number =>
  head.length + tail.length + textBytes - (events > 0 ? 1 : 0);

/** The parts are slices of `scratch`, which must not change until they are sent, and of the segments themselves. */
export function answer(
  selection: Selection,
  merged: MergedTexts | null = null,
  scratch: Buffer = Buffer.allocUnsafeSlow(scratchBytes),
): Pieces {
  const bytes = answerBytes(selection);
  const parts =
    bytes <= scratch.length ? [copyAnswer(selection, scratch)] : partsOf(selection, merged, scratch);
  return { parts, bytes };
}

function copyAnswer(selection: Selection, scratch: Buffer): Buffer {
  let at = head.copy(scratch);
  for (let i = 0; i < selection.count; i++) {
    const { segment, layer, from, to } = selection.stretches[i] as Stretch;
    // Each event begins with a comma; the first event of the answer omits it.
    const skipped = i === 0 ? 1 : 0;
    if (layer === null) at += copyMerged(segment, scratch, at, skipped);
    else {
      const begin = (layer.textAt[from] as number) + skipped;
      at += layer.text.copy(scratch, at, begin, layer.textAt[to]);
    }
  }
  return scratch.subarray(0, at + tail.copy(scratch, at));
}

function partsOf(selection: Selection, merged: MergedTexts | null, scratch: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let copied = head.copy(scratch);
  /** The start of the copied bytes in `scratch` that are not in `parts` yet. */
  let open = 0;
  let skipped = 1;
  const put = (text: Buffer, from: number, to: number): void => {
    const begin = from + skipped;
    skipped = 0;
    if (to - begin < referredMin && copied + to - begin <= scratch.length - tail.length) {
      copied += text.copy(scratch, copied, begin, to);
      return;
    }
    if (copied > open) parts.push(scratch.subarray(open, copied));
    open = copied;
    parts.push(text.subarray(begin, to));
  };
  const putEvents = ({ text, textAt }: Layer, from: number, to: number): void =>
    put(text, textAt[from] as number, textAt[to] as number);
  for (let i = 0; i < selection.count; i++) {
    const { segment, layer, from, to } = selection.stretches[i] as Stretch;
    if (layer !== null) {
      putEvents(layer, from, to);
      continue;
    }
    const text = merged?.textOf(segment) ?? null;
    if (text === null) mergeLayers(segment, putEvents);
    else put(text, 0, text.length);
  }
  copied += tail.copy(scratch, copied);
  parts.push(scratch.subarray(open, copied));
  return parts;
}

/** The same answer as one gzip member. Blocks and segments are already deflated; only the text between them is deflated now. */
export function answerGzipped(
  selection: Selection,
  scratch: Buffer = Buffer.allocUnsafeSlow(scratchBytes),
): Pieces {
  if (answerBytes(selection) <= deflatedWholeMax) {
    const text = copyAnswer(selection, scratch);
    const body = gzipSync(text, { chunkSize: roomFor(text.length) });
    return { parts: [body], bytes: body.length };
  }
  const gzip = createGzipStitcher();
  gzip.add(head, 0, head.length);
  for (let i = 0; i < selection.count; i++) {
    const { segment, layer, from, to } = selection.stretches[i] as Stretch;
    const isFirst = i === 0;
    if (layer === null) appendWhole(gzip, segment, isFirst);
    else if (layer === segment.brief) appendBrief(gzip, segment.brief, from, to, isFirst);
    else addEvents(gzip, layer, from, to, isFirst);
  }
  gzip.add(tail, 0, tail.length);
  return gzip.finish();
}

function addEvents(gzip: GzipStitcher, layer: Layer, from: number, to: number, isFirst: boolean): void {
  if (from === to) return;
  gzip.add(layer.text, (layer.textAt[from] as number) + (isFirst ? 1 : 0), layer.textAt[to] as number);
}

function appendWhole(gzip: GzipStitcher, { whole, brief, long }: Segment, isFirst: boolean): void {
  if (whole === null) return;
  if (!isFirst) gzip.add(comma, 0, 1);
  gzip.append(whole.deflated, whole.crc, brief.text.length + long.text.length - 1);
}

/** The blocks that lie wholly in the stretch are one slice of the layer's deflated bytes. */
function appendBrief(
  gzip: GzipStitcher,
  layer: BriefLayer,
  from: number,
  to: number,
  isFirst: boolean,
): void {
  const firstBlock = Math.ceil(from / blockEvents);
  const endBlock = to === layer.events ? blocksOf(to) : Math.floor(to / blockEvents);
  if (firstBlock >= endBlock) {
    addEvents(gzip, layer, from, to, isFirst);
    return;
  }
  const { textAt, deflated, deflatedAt, crcs } = layer;
  const blocksFrom = firstBlock * blockEvents;
  const blocksTo = Math.min(endBlock * blockEvents, to);
  addEvents(gzip, layer, from, blocksFrom, isFirst);
  if (!isFirst || blocksFrom > from) gzip.add(comma, 0, 1);
  const length = (textAt[blocksTo] as number) - (textAt[blocksFrom] as number) - 1;
  const before = crc32(comma, crcs[firstBlock]);
  gzip.append(
    deflated.subarray(deflatedAt[firstBlock], (deflatedAt[endBlock] as number) - storedComma.length),
    crcOfRest(crcs[endBlock] as number, before, length),
    length,
  );
  addEvents(gzip, layer, blocksTo, to, false);
}
