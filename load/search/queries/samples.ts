// Answers compared with the oracle, byte for byte, before and during the load.

import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { difference, type Oracle, type Range } from '../catalogue/oracle.ts';
import { queryOf } from './queries.ts';

export type Encoding = 'identity' | 'gzip';

export interface Sampled {
  readonly range: Range;
  /** The body as received, perhaps compressed. */
  readonly wire: Buffer;
  readonly body: Buffer;
  readonly tag: string;
}

const timeoutMs = 30_000;

/** Sends one request. Throws for any status but 200, and for a body that its headers do not describe. */
export async function sample(url: string, range: Range, encoding: Encoding): Promise<Sampled> {
  const { statusCode, headers, body } = await request(`${url}/search?${queryOf(range)}`, {
    headers: { 'accept-encoding': encoding },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const wire = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200)
    throw new Error(`Got status ${statusCode}, expected 200: ${wire.toString('utf8', 0, 200)}`);
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
  return { range, wire, body: plain, tag: String(headers['etag']) };
}

/** What is wrong with an answer; undefined when it is correct. */
export type Check = (range: Range, body: Buffer) => string | undefined;

/** Checks one of the ranges at a time until `over` aborts, rarely enough not to affect the load. Returns the faults. */
export async function sampleMeanwhile(
  url: string,
  ranges: readonly Range[],
  encoding: Encoding,
  check: Check,
  over: AbortSignal,
): Promise<{ faults: string[]; checked: number }> {
  const everyMs = 250;
  const faults: string[] = [];
  let checked = 0;
  while (!over.aborted) {
    const range = ranges[checked++ % ranges.length] as Range;
    const fault = await sample(url, range, encoding).then(
      ({ body }) => check(range, body),
      (error: unknown) => String(error),
    );
    if (fault !== undefined) faults.push(`${queryOf(range)}: ${fault}`);
    await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
  }
  return { faults, checked };
}

interface Entry {
  readonly id: string;
}

/** A check that ignores the events with these ids, which change; all others must be present and correct. */
export function checkWithout(oracle: Oracle, moving: ReadonlySet<string>): Check {
  const still = (body: Buffer): Buffer => {
    const { data, error } = JSON.parse(body.toString()) as { data: { events: Entry[] }; error: unknown };
    const events = data.events.filter(({ id }) => !moving.has(id));
    return Buffer.from(JSON.stringify({ data: { events }, error }));
  };
  return (range, body) => difference(still(body), still(oracle.answer(range)));
}
