// What somebody would write who needs no history, no delta and no search: the whole document parsed by fast-xml-parser, and each
// event upserted into one table. As durable as the archive: SQLite with a write-ahead log and full sync, as many in a transaction.
//
// Usage: toy.ts URL BASES FILE

import { DatabaseSync } from 'node:sqlite';
import { XMLParser } from 'fast-xml-parser';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';

export interface Kept extends Message {
  readonly type: 'kept';
  readonly ms: number;
  /** Processor time of the whole process. */
  readonly cpuMs: number;
}

interface Zone {
  readonly '@_zone_id': string;
  readonly '@_capacity': string;
  readonly '@_price': string;
  readonly '@_name': string;
}

interface Base {
  readonly '@_base_plan_id': string;
  readonly '@_title': string;
  readonly '@_sell_mode': string;
  readonly plan: {
    readonly '@_plan_id': string;
    readonly '@_plan_start_date': string;
    readonly '@_plan_end_date': string;
    readonly zone: readonly Zone[];
  };
}

interface Document {
  readonly planList: { readonly output: { readonly base_plan: readonly Base[] } };
}

const perTransaction = 8000;

/** Throws when there are fewer than `bases` events in the end. */
async function run(url: string, bases: number, file: string): Promise<Kept> {
  const startedAt = performance.now();
  const text = await (await fetch(url)).text();
  const { planList } = new XMLParser({ ignoreAttributes: false }).parse(text) as Document;
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table event (id text primary key, title text, sell_mode text, starts_at text, ends_at text, min_price real,
      max_price real, zones text)`);
  const upsert = database.prepare(`
    insert into event values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set title = excluded.title, sell_mode = excluded.sell_mode, starts_at = excluded.starts_at,
      ends_at = excluded.ends_at, min_price = excluded.min_price, max_price = excluded.max_price, zones = excluded.zones`);
  const records = planList.output.base_plan;
  for (let from = 0; from < records.length; from += perTransaction) {
    database.exec('begin');
    for (const base of records.slice(from, from + perTransaction)) {
      const { plan } = base;
      const prices = plan.zone.map((zone) => Number(zone['@_price']));
      upsert.run(
        `${base['@_base_plan_id']}/${plan['@_plan_id']}`,
        base['@_title'],
        base['@_sell_mode'],
        plan['@_plan_start_date'],
        plan['@_plan_end_date'],
        Math.min(...prices),
        Math.max(...prices),
        JSON.stringify(plan.zone),
      );
    }
    database.exec('commit');
  }
  const ms = performance.now() - startedAt;
  const kept = Number(database.prepare('select count(*) as n from event').get()?.['n']);
  database.close();
  if (kept !== bases) throw new Error(`Got ${kept} events, expected ${bases}.`);
  const { user, system } = process.cpuUsage();
  return { type: 'kept', ms, cpuMs: (user + system) / 1000 };
}

if (import.meta.main) {
  exitWithParent();
  sendToParent(await run(process.argv[2] ?? '', Number(process.argv[3]), process.argv[4] ?? ''));
}
