// The archive's tables, step by step. A migration that has been released is never edited: add the next number.

import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements0001 = [
  `create table event (
    id text primary key, provider text not null, base_id text not null, plan_id text not null,
    record_key text not null, listing text not null, facts text not null, first_seen_at bigint not null, changed_at bigint not null)`,
  `create index event_by_record on event (provider, record_key)`,
  `create index event_missing on event (provider) where listing = 'missing'`,
  `create table zone_set (hash text primary key, zones blob not null)`,
  `create table journal (
    seq integer primary key autoincrement, event_id text not null, run_id bigint not null, at bigint not null,
    kind text not null, before text, after text not null)`,
  `create index journal_by_event on journal (event_id, seq)`,
  `create table catalogue (
    id text primary key, day integer not null, starts_at bigint not null, ends_at bigint not null, title text not null,
    start_local text not null, end_local text not null, min_price bigint, max_price bigint)`,
  `create index catalogue_by_start on catalogue (day, starts_at, id)`,
  `create table record (
    id integer primary key autoincrement, provider text not null, key text not null, hash text not null,
    contested integer not null, unique (provider, key))`,
  `create index record_by_hash on record (provider, hash)`,
  `create table quarantine (
    provider text not null, key text not null, record_key text, base_id text, plan_id text, code text not null, message text not null,
    byte_offset bigint not null, line bigint not null, column_number bigint not null, first_seen_at bigint not null,
    last_seen_at bigint not null, last_run_id bigint not null, times bigint not null, primary key (provider, key))`,
  `create table feed_run (
    id integer primary key autoincrement, provider text not null, started_at bigint not null, ended_at bigint,
    outcome text, code text, message text, counts text, findings text)`,
  `create index feed_run_by_provider on feed_run (provider, id)`,
  `create table dirty_day (day integer primary key, seq bigint not null)`,
  `create table published (version bigint primary key, seq bigint not null, at bigint not null, events bigint not null)`,
  `create table feed_state (
    provider text primary key, reading text not null, etag text, last_modified text, held_run_id bigint,
    held_events bigint, held_reason text, approved_events bigint not null)`,
];

export const migrations: Record<string, Migration> = {
  '0001_the_archive': { up: (db) => runAll(db, statements0001) },
};

async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await sql.raw(statement).execute(db);
  }
}
