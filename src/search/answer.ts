// From stretches to the bytes of an answer. Nothing is serialised: the JSON was rendered when the segment was built.

import { crc32, gzipSync } from 'node:zlib';
import { createGzipStitcher, deflatePartFast, shiftOf, type GzipStitcher } from '#/snapshot/gzip.ts';
import type { Segment } from '#/snapshot/segment.ts';
import type { Stretch } from './search.ts';

const head = Buffer.from('{"data":{"events":[');
const tail = Buffer.from(']},"error":null}');
const comma = Buffer.from(',');

/** Below this, a few events at the edge of a block are not worth the deflating. */
const deflatedEdgeMin = 512;

const deflatedWholeMax = 16_384;

export interface Answer {
  /** Views of the segments' own bytes between the envelope's two ends. */
  readonly parts: readonly Buffer[];
  readonly bytes: number;
}

export function answer(stretches: readonly Stretch[]): Answer {
  const parts: Buffer[] = [head];
  let bytes = head.length + tail.length;
  for (const { segment, from, to } of stretches) {
    // Each event is led by a comma; the first of the answer goes without.
    const begin = (segment.textAt[from] as number) + (parts.length === 1 ? 1 : 0);
    const part = segment.text.subarray(begin, segment.textAt[to]);
    parts.push(part);
    bytes += part.length;
  }
  parts.push(tail);
  return { parts, bytes };
}

/** The length of the answer, without making it. */
export function answerBytes(stretches: readonly Stretch[]): number {
  let bytes = head.length + tail.length - (stretches.length > 0 ? 1 : 0);
  for (const { segment, from, to } of stretches) {
    bytes += (segment.textAt[to] as number) - (segment.textAt[from] as number);
  }
  return bytes;
}

/**
 * The same answer as one gzip member: whole blocks as they were deflated, what is left of others deflated now. A small
 * answer is mostly such rest, and is deflated as a whole.
 */
export function answerGzipped(stretches: readonly Stretch[]): Buffer {
  const { parts, bytes } = answer(stretches);
  if (bytes <= deflatedWholeMax) return gzipSync(Buffer.concat(parts, bytes));
  const gzip = createGzipStitcher();
  gzip.store(head);
  let first = true;
  for (const stretch of stretches) {
    for (const piece of piecesOf(stretch)) {
      if (!first) gzip.store(comma);
      first = false;
      if (piece.block === null) appendEdge(gzip, stretch.segment, piece.from, piece.to);
      else appendBlock(gzip, stretch.segment, piece.block);
    }
  }
  gzip.store(tail);
  return gzip.finish();
}

interface Piece {
  readonly from: number;
  readonly to: number;
  /** Set when the piece is all of this block. */
  readonly block: number | null;
}

/** A stretch along the borders of its segment's blocks. */
function* piecesOf({ segment: { blockAt }, from, to }: Stretch): Generator<Piece> {
  let at = from;
  for (let block = blockOf(blockAt, from); at < to; block++) {
    const [first, end] = [blockAt[block] as number, Math.min(blockAt[block + 1] as number, to)];
    yield { from: at, to: end, block: at === first && end === blockAt[block + 1] ? block : null };
    at = end;
  }
}

/** The block that holds an ordinal. */
function blockOf(blockAt: Uint32Array, ordinal: number): number {
  let [low, high] = [0, blockAt.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((blockAt[middle] as number) <= ordinal) low = middle;
    else high = middle;
  }
  return low;
}

function appendBlock(gzip: GzipStitcher, segment: Segment, block: number): void {
  const { deflated, deflatedAt, blockAt, textAt, blockCrc, blockShift } = segment;
  const part = deflated.subarray(deflatedAt[block], deflatedAt[block + 1]);
  const length =
    (textAt[blockAt[block + 1] as number] as number) - (textAt[blockAt[block] as number] as number) - 1;
  gzip.append(part, blockCrc[block] as number, blockShift[block] as number, length);
}

function appendEdge(gzip: GzipStitcher, { text, textAt }: Segment, from: number, to: number): void {
  const edge = text.subarray((textAt[from] as number) + 1, textAt[to]);
  if (edge.length < deflatedEdgeMin) gzip.store(edge);
  else gzip.append(deflatePartFast(edge), crc32(edge), shiftOf(edge.length), edge.length);
}
