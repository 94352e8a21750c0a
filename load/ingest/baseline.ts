// The baseline of the ingest suite: reads the whole document over HTTP into memory and parses it with fast-xml-parser, as its
// documentation shows, in one thread. Does nothing else with it.
//
// Usage: baseline.ts URL BASES

import { XMLParser } from 'fast-xml-parser';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';

export interface Parsed extends Message {
  readonly type: 'parsed';
  readonly bytes: number;
  readonly readMs: number;
  readonly parseMs: number;
  /** Processor time of the whole process, including garbage collection. */
  readonly cpuMs: number;
}

interface Document {
  readonly planList: { readonly output: { readonly base_plan: readonly unknown[] } };
}

/** Throws when the number of records is not `bases`. */
async function run(url: string, bases: number): Promise<Parsed> {
  const startedAt = performance.now();
  const text = await (await fetch(url)).text();
  const readAt = performance.now();
  const { planList } = new XMLParser({ ignoreAttributes: false }).parse(text) as Document;
  const parsedAt = performance.now();
  const { user, system } = process.cpuUsage();
  const records = planList.output.base_plan.length;
  if (records !== bases) throw new Error(`Got ${records} records, expected ${bases}.`);
  return {
    type: 'parsed',
    bytes: Buffer.byteLength(text),
    readMs: readAt - startedAt,
    parseMs: parsedAt - readAt,
    cpuMs: (user + system) / 1000,
  };
}

if (import.meta.main) {
  exitWithParent();
  sendToParent(await run(process.argv[2] ?? '', Number(process.argv[3])));
}
