// Reads a whole feed record by record, as ingest does, and counts its records instead of absorbing them.

import { createReport, type Finding } from '#/domain/report.ts';
import { unpackAll } from '#/domain/packed/records.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { Batch } from '#/provider/batches.ts';
import { faultOf } from '#/provider/fault.ts';
import { openFeed } from '#/provider/feed.ts';
import type { Parse } from '#/ingest/feeds/parse-pool.ts';
import type { FormatName, Provider } from '#/provider/provider.ts';
import { createCensus, type EventCounts } from './census.ts';
import type { Source } from './source.ts';

export interface Examination extends EventCounts {
  /** Null when it could not be detected. */
  readonly format: FormatName | null;
  readonly timeZone: string;
  /** After decompression. */
  readonly bytes: number;
  readonly records: number;
  /** Why the feed is not complete (ingest would then withdraw no event); null when it is complete. */
  readonly incomplete: Refusal | null;
  readonly findings: readonly Finding[];
}

export interface ExamineDeps {
  readonly parse: Parse;
  /** The most batches in the pool at the same time. */
  readonly parseAhead: number;
  /** Called with the bytes read so far. */
  readonly progress: (bytes: number) => void;
}

export async function examine(source: Source, provider: Provider, deps: ExamineDeps): Promise<Examination> {
  const report = createReport();
  const census = createCensus();
  const inPool: Promise<ParsedRecord[]>[] = [];
  let format: FormatName | null = null;
  let bytes = 0;
  let records = 0;
  let unreadable: Refusal | null = null;
  let broken: Refusal | null;

  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.chunks) {
      bytes += chunk.length;
      deps.progress(bytes);
      yield chunk;
    }
  }

  function take(parsed: readonly ParsedRecord[]): void {
    for (const record of parsed) {
      const again = census.add(record);
      report.addRecord({ ...record, duplicates: record.duplicates + again });
      if (record.key === null) unreadable ??= record.faults[0]?.refusal ?? null;
    }
  }

  try {
    const feed = await openFeed({ chunks: counted(), contentType: source.contentType }, provider);
    format = feed.format;
    for (;;) {
      const next = await feed.batches.next();
      if (next.done === true) {
        broken = next.value;
        break;
      }
      records += next.value.records.length;
      inPool.push(parsedRecords(next.value, feed.format, provider, deps));
      while (inPool.length >= deps.parseAhead) take((await inPool.shift()) ?? []);
    }
  } catch (error) {
    const { code, message } = faultOf(error);
    broken = { code, message };
  }
  for (const parsing of inPool) take(await parsing);
  if (broken !== null) report.addFault(broken);
  return {
    format,
    timeZone: provider.timeZone,
    bytes,
    records,
    ...census.counts(),
    incomplete: broken ?? unreadable,
    findings: report.findings(),
  };
}

/** The parsed records of a batch in the order of the feed; those that were refused before parsing come last. */
async function parsedRecords(
  batch: Batch,
  format: FormatName,
  { name, timeZone, priceZones, strict, lenientXml = false, mapping }: Provider,
  { parse }: ExamineDeps,
): Promise<ParsedRecord[]> {
  const reading = { provider: name, timeZone, priceZones, strict, lenientXml, mapping };
  const readable = batch.records.filter(({ refusal }) => refusal === null);
  const parsed = await parse({ format, reading, bytes: batch.bytes, records: readable });
  batch.release();
  return [...parsed.flatMap(unpackAll), ...batch.records.flatMap(refused)];
}

function refused({ refusal, place }: Batch['records'][number]): ParsedRecord[] {
  if (refusal === null) return [];
  const faults = [{ refusal, baseId: null, planId: null, place }];
  return [{ key: null, observations: [], faults, irregularClocks: 0, duplicates: 0 }];
}
