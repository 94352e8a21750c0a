// The expected answers: the same generated records, filtered one by one and rendered byte for byte as the contract requires,
// without any code of the system.

import { hash } from 'node:crypto';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { FeedPlan } from '../../simulator/feed.ts';
import { generateRecords } from '../../simulator/generate.ts';
import type { Recipe } from '../../simulator/recipe.ts';

/** Milliseconds since 1970 UTC, both inclusive; an absent bound is infinite. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A provider in UTC, by the recipe of its feed. */
export interface ProviderRecipe {
  readonly provider: string;
  readonly recipe: Partial<Recipe>;
}

export interface Oracle {
  /** Starts and ends of all events, in the order of an answer: by start, then by id. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  count(range: Range): number;
  /** The length of the body of an answer. */
  bytes(range: Range): number;
  /** The whole body of an answer. */
  answer(range: Range): Buffer;
  /** How the body of an answer differs from the expected one; undefined when it does not. */
  fault(range: Range, body: Buffer): string | undefined;
}

interface Rendered {
  readonly start: number;
  readonly end: number;
  readonly id: string;
  readonly text: string;
}

const [head, tail] = [Buffer.from('{"data":{"events":['), Buffer.from(']},"error":null}')];
const recordsPerTurn = 5000;

/** Takes many seconds for a million events, and yields to the event loop in between. Throws when `stop` aborts. */
export async function createOracle(providers: readonly ProviderRecipe[], stop: AbortSignal): Promise<Oracle> {
  const rendered: Rendered[] = [];
  let records = 0;
  for (const { provider, recipe } of providers) {
    for (const { baseId, sellMode, title, plans } of generateRecords(recipe)) {
      if (++records % recordsPerTurn === 0) await yieldToLoop(undefined, { signal: stop });
      if (sellMode === 'online')
        for (const plan of plans) rendered.push(render(provider, baseId, title, plan));
    }
  }
  rendered.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  return oracleOf(rendered);
}

function render(provider: string, baseId: string, title: string, plan: FeedPlan): Rendered {
  const { planId, start, end, zones } = plan;
  const prices = zones.map(({ price }) => Number(price));
  const [startDate, startTime] = start.split('T');
  const [endDate, endTime] = end.split('T');
  const id = idOf(provider, baseId, planId);
  const text = JSON.stringify({
    id,
    title,
    start_date: startDate,
    start_time: startTime,
    end_date: endDate,
    end_time: endTime,
    min_price: prices.length === 0 ? null : Math.min(...prices),
    max_price: prices.length === 0 ? null : Math.max(...prices),
  });
  return { start: Date.parse(`${start}Z`), end: Date.parse(`${end}Z`), id, text };
}

/** The ids of all events of a provider, sold online or not. */
export function idsOf({ provider, recipe }: ProviderRecipe): Set<string> {
  const ids = new Set<string>();
  for (const { baseId, plans } of generateRecords(recipe))
    for (const { planId } of plans) ids.add(idOf(provider, baseId, planId));
  return ids;
}

/** UUIDv5 in Marquee's namespace, as decision 2 defines it. */
function idOf(provider: string, baseId: string, planId: string): string {
  const namespace = Buffer.from('6f1c7a52-d1b0-4e0f-9b0a-4c7be2a86d35'.replaceAll('-', ''), 'hex');
  const name = Buffer.from(JSON.stringify([provider, baseId, planId]));
  const bytes = Buffer.from(hash('sha1', Buffer.concat([namespace, name]), 'hex'), 'hex').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function oracleOf(rendered: readonly Rendered[]): Oracle {
  const starts = Float64Array.from(rendered, ({ start }) => start);
  const ends = Float64Array.from(rendered, ({ end }) => end);
  // All texts in one buffer: a million small buffers would take more memory than their bytes.
  const textAt = new Float64Array(rendered.length + 1);
  rendered.forEach(({ text }, i) => (textAt[i + 1] = (textAt[i] as number) + Buffer.byteLength(text)));
  const texts = Buffer.allocUnsafe(textAt.at(-1) as number);
  rendered.forEach(({ text }, i) => texts.write(text, textAt[i] as number));

  function* within({ start, end }: Range): Generator<number> {
    for (let i = firstFrom(starts, start); i < starts.length && (starts[i] as number) <= end; i++) {
      if ((ends[i] as number) <= end) yield i;
    }
  }
  function answer(range: Range): Buffer {
    const parts: Buffer[] = [];
    for (const i of within(range)) {
      parts.push(comma, texts.subarray(textAt[i], textAt[i + 1]));
    }
    return Buffer.concat([head, ...parts.slice(1), tail]);
  }
  function bytes(range: Range): number {
    let sum = head.length + tail.length - comma.length;
    for (const i of within(range)) sum += comma.length + (textAt[i + 1] as number) - (textAt[i] as number);
    return Math.max(sum, head.length + tail.length);
  }
  return {
    starts,
    ends,
    answer,
    bytes,
    count: (range) => within(range).reduce((count) => count + 1, 0),
    fault: (range, body) => difference(body, answer(range)),
  };
}

const comma = Buffer.from(',');

/** Where and how two bodies differ; undefined when they are equal. */
export function difference(got: Buffer, wanted: Buffer): string | undefined {
  if (got.equals(wanted)) return undefined;
  let place = 0;
  while (place < got.length && got[place] === wanted[place]) place++;
  const around = (body: Buffer): string =>
    JSON.stringify(body.toString('utf8', Math.max(0, place - 40), place + 40));
  return `Got ${got.length} bytes, expected ${wanted.length}; at byte ${place} got ${around(got)}, expected ${around(wanted)}.`;
}

/** The index of the first event that starts at `start` or later. */
export function firstFrom(starts: Float64Array, start: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
