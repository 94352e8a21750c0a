// The whole pipeline from a provider's feed to an answer, in this process: real HTTP, a real archive, a real store. Only the
// threads are missing; messages to and from them are cloned all the same.
//
//   const line = await openPipeline(t);
//   await line.tell(feed([base()]));
//   line.events('starts_at=2021-06-30')

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutionContext } from 'ava';
import { Agent } from 'undici';
import type { FeedRun, FeedRunDeps } from '#/ingest/feeds/feed-run.ts';
import { runProvider } from '#/ingest/feeds/run.ts';
import { createPublisher, type PublishOutcome } from '#/ingest/publishing/publisher.ts';
import { createRefresher } from '#/api/refresh.ts';
import type { Archive } from '#/archive/archive.ts';
import type { RunRow } from '#/archive/runs/runs.ts';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import type { Provider } from '#/provider/provider.ts';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import type { View } from '#/search/view.ts';
import build from '#/snapshot/build.thread.ts';
import { openLocalStore } from '#/store/local.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { openArchive } from '#/archive/archive.ts';
import { archiveAt } from './archive.ts';
import { directoryFor } from './directory.ts';
import { limits } from './limits.ts';
import { feedServerFor, type ServedFeed } from './provider.ts';

export interface EventSummary {
  readonly id: string;
  readonly title: string;
  readonly start_date: string;
  readonly start_time: string;
  readonly end_date: string;
  readonly end_time: string;
  readonly min_price: number | null;
  readonly max_price: number | null;
}

export interface JournalEntry {
  readonly id: string;
  readonly kind: string;
  /** The state of the event from then on. */
  readonly after: { readonly listing: string; readonly facts: Readonly<Record<string, unknown>> };
}

export interface QuarantineEntry {
  readonly baseId: string | null;
  readonly planId: string | null;
  readonly code: string;
  readonly message: string;
}

export type GivenProvider = Partial<Omit<Provider, 'url'>>;

export interface Pipeline {
  /** The directory of the archive (`archive.sqlite`) and the store (`snapshots/`). */
  readonly directory: string;
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** The current view. */
  readonly view: View;
  /** Refused snapshots, newest last. */
  readonly refused: readonly string[];
  /** Takes one feed through the pipeline: served, fetched, absorbed, published, refreshed. Returns the row of the run. */
  tell(feed: string | Uint8Array | ServedFeed, provider?: string): Promise<RunRow>;
  /** The same up to the archive. */
  absorb(feed: string | Uint8Array | ServedFeed, provider?: string): Promise<RunRow>;
  /** A run of the provider's feed at another URL, up to the archive. */
  run(url: string, provider?: string, deps?: Partial<FeedRunDeps>): Promise<FeedRun>;
  publish(isInterim?: boolean): Promise<PublishOutcome>;
  refresh(): Promise<void>;
  /** The answer to `starts_at=…&ends_at=…`, byte for byte. Throws when the query is refused. */
  ask(query?: string): string;
  events(query?: string): EventSummary[];
  journal(): JournalEntry[];
  quarantine(): QuarantineEntry[];
}

/** A directory, SQLite and the time of the day unless others are given. */
export interface PipelineOptions {
  readonly store?: SnapshotStore;
  readonly archiveUrl?: string;
  readonly now?: () => number;
}

/** The gate passes every withdrawal, unless a test sets other limits. */
const gate: Provider['gate'] = { withdrawShareMax: 1, growthFactorMax: 1e6 };

/** Without `providers`: one called `default`, in UTC, with its format detected from the root element. */
export async function openPipeline(
  t: ExecutionContext,
  providers: readonly GivenProvider[] = [{}],
  options: PipelineOptions = {},
): Promise<Pipeline> {
  const now = options.now ?? Date.now;
  const directory = await directoryFor(t);
  const server = await feedServerFor(t);
  const archivePath = join(directory, 'archive.sqlite');
  const archive = await (options.archiveUrl === undefined
    ? archiveAt(archivePath)
    : openArchive(options.archiveUrl));
  t.teardown(() => archive.close());
  const dispatcher = new Agent();
  t.teardown(() => dispatcher.destroy());
  const store = options.store ?? (await openLocalStore(join(directory, 'snapshots')));
  const known = new Map(providers.map((given) => providerOf(given)).map((one) => [one.name, one]));
  const [first = 'default'] = known.keys();

  const deps: FeedRunDeps = {
    archive,
    fetch: (from, validators, stop) => fetchFeed(from, validators, dispatcher, stop),
    parse: async (task) => [structuredClone(parseBatch(structuredClone(packTask(task))))],
    parseAhead: 2,
    now,
    absorbed: () => undefined,
  };
  const publisher = createPublisher({
    mirror: null,
    archive,
    store,
    build: async (task) => structuredClone(build(structuredClone(task))),
    buildAhead: 2,
    announce: () => undefined,
    notPruned: () => undefined,
    now,
  });
  const refused: string[] = [];
  const refresher = createRefresher({
    store,
    swapped: () => undefined,
    refused: (_version, reason) => refused.push(reason),
  });

  function providerOf(given: GivenProvider): Provider {
    const name = given.name ?? 'default';
    const polled = { pollSeconds: 60, pollSecondsMax: 60, limits, gate, headers: {}, redirectHosts: [] };
    const read = { format: 'auto', timeZone: 'UTC', priceZones: 'all', strict: false } as const;
    return { ...polled, ...read, ...given, name, url: server.urlOf(name) };
  }

  function rows(sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(archivePath, { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  const line: Pipeline = {
    directory,
    archive,
    store,
    refused,
    get view() {
      return refresher.view;
    },
    async absorb(feed, name = first) {
      const provider = known.get(name);
      if (provider === undefined)
        throw new Error(`Got provider ${name}, expected one of ${[...known.keys()].join(', ')}.`);
      server.serve(name, typeof feed === 'string' || feed instanceof Uint8Array ? { body: feed } : feed);
      return (await runProvider(provider, deps, new AbortController().signal)).row;
    },
    run(url, name = first, more = {}) {
      const provider = known.get(name) as Provider;
      return runProvider({ ...provider, url }, { ...deps, ...more }, new AbortController().signal);
    },
    publish: (isInterim) => publisher.publish(isInterim),
    async refresh() {
      await refresher.refresh();
    },
    async tell(feed, name) {
      const run = await line.absorb(feed, name);
      await line.publish();
      await line.refresh();
      return run;
    },
    ask(query = '') {
      const range = parseQuery(query);
      if (isRefusal(range)) throw new Error(`Got a refusal, ${range.code}: ${range.message}`);
      return Buffer.concat(answer(search(refresher.view, range)).parts).toString();
    },
    events: (query) => (JSON.parse(line.ask(query)) as { data: { events: EventSummary[] } }).data.events,
    journal: () =>
      rows('select event_id, kind, after from history order by seq').map((row) => ({
        id: String(row['event_id']),
        kind: String(row['kind']),
        after: JSON.parse(String(row['after'])) as JournalEntry['after'],
      })),
    quarantine: () =>
      rows('select base_id, plan_id, code, message from quarantine order by base_id, plan_id').map((row) => ({
        baseId: row['base_id'] as string | null,
        planId: row['plan_id'] as string | null,
        code: String(row['code']),
        message: String(row['message']),
      })),
  };
  return line;
}
