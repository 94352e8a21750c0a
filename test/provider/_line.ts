// A provider with any answer over real HTTP, and the pipeline of its feed into a real archive, with real threads.
//
//   const line = await knownLine(t);
//   const { row } = await line.hear((_request, response) => void response.writeHead(500).end());

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutionContext } from 'ava';
import { Piscina } from 'piscina';
import type { Agent } from 'undici';
import { runFeed, type FeedRun, type FeedRunDeps } from '#/ingest/feeds/feed-run.ts';
import { createParse } from '#/ingest/feeds/parse-pool.ts';
import type { Archive } from '#/archive/archive.ts';
import type { QuarantineRow } from '#/archive/runs/runs.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import type { FeedLimits, Provider } from '#/provider/provider.ts';
import { archiveAt } from '../_support/archive.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn } from '../_support/events-in.ts';
import { base, feed, feedOf, plan, record, type Dialect } from '../_support/feeds.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The settings of the provider; those that are absent have defaults. */
export type GivenProvider = Partial<Omit<Provider, 'limits'>> & { readonly limits?: Partial<FeedLimits> };

export interface Line {
  readonly url: string;
  readonly archive: Archive;
  /** The headers of each request to the provider, the last request last. */
  readonly asked: readonly IncomingMessage['headers'][];
  /** One run with this answer of the provider. Bytes are an answer with status 200. */
  hear(answer: Answer | string | Uint8Array, given?: GivenProvider): Promise<FeedRun>;
  /** The searchable events, by (start, id). */
  catalogue(): Promise<DetailedEvent[]>;
  titles(): Promise<string[]>;
  /** `base/plan` → listed, missing or withdrawn. */
  listings(): Record<string, string>;
  journalLength(): number;
  quarantine(): Promise<QuarantineRow[]>;
}

const patient: FeedLimits = {
  totalMs: 60_000,
  headersMs: 30_000,
  idleMs: 30_000,
  bytesMax: 200e6,
  decodedBytesMax: 200e6,
  recordBytesMax: 8e6,
  bytesPerSecondMin: 1,
};

let sharedPool: Piscina | null = null;

/** Threads that end by themselves after a while without work. */
const pool = (): Piscina =>
  (sharedPool ??= new Piscina({ minThreads: 0, maxThreads: 2, idleTimeout: 2000, maxQueue: 256 }));

export async function lineFor(
  t: ExecutionContext,
  own: { readonly dispatcher?: Agent; readonly parse?: FeedRunDeps['parse'] } = {},
): Promise<Line> {
  const archivePath = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(archivePath);
  t.teardown(() => archive.close());
  const dispatcher = own.dispatcher ?? createProviderAgent();
  t.teardown(() => dispatcher.destroy());
  const asked: IncomingMessage['headers'][] = [];
  let answering: Answer = (_request, response) => void response.writeHead(404).end();
  const url = await serverFor(t, (request, response) => {
    asked.push(request.headers);
    answering(request, response);
  });

  const deps: FeedRunDeps = {
    archive,
    fetch: (provider, validators, stop) => fetchFeed(provider, validators, dispatcher, stop),
    parse: own.parse ?? createParse(pool()),
    parseAhead: 3,
    now: Date.now,
    absorbed: () => undefined,
  };

  function rows(sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(archivePath, { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  const line: Line = {
    url,
    archive,
    asked,
    hear(answer, given = {}) {
      answering = typeof answer === 'function' ? answer : saying(answer);
      return runFeed(providerOf(url, given), deps, new AbortController().signal);
    },
    catalogue: () => eventsIn(archive),
    titles: async () => (await line.catalogue()).map(({ title }) => title).toSorted(),
    listings: () =>
      Object.fromEntries(
        rows('select base_id, plan_id, listing from known_event order by base_id, plan_id').map((row) => [
          `${String(row['base_id'])}/${String(row['plan_id'])}`,
          String(row['listing']),
        ]),
      ),
    journalLength: () => rows('select seq from journal_entry').length,
    quarantine: () => archive.quarantined('hostile', 100),
  };
  return line;
}

/** A server on a free port until the test ends; its URL. */
export async function serverFor(t: ExecutionContext, answer: Answer): Promise<string> {
  const server = createServer(answer);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
}

export const providerOf = (url: string, { limits, ...given }: GivenProvider = {}): Provider => ({
  name: 'hostile',
  url,
  headers: {},
  redirectHosts: [],
  format: 'auto',
  timeZone: 'UTC',
  priceZones: 'all',
  strict: false,
  pollSeconds: 60,
  pollSecondsMax: 60,
  gate: { withdrawShareMax: 1, growthFactorMax: 1e6 },
  ...given,
  limits: { ...patient, ...limits },
});

export const saying =
  (body: string | Uint8Array, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/xml', ...headers }).end(body);

/** What is known before the hostile answer. */
export const knownBases = [
  base(),
  base({ id: '0322', title: 'A Tale of Two Stages', plans: [plan({ id: '007' }), plan({ id: '7' })] }),
];

/**
 * A pipeline with a known catalogue in its archive. Every run checks, whatever the answer, that all known events can still be
 * searched unchanged and that nothing was withdrawn.
 */
export async function knownLine(t: ExecutionContext, own?: Parameters<typeof lineFor>[1]): Promise<Line> {
  const line = await lineFor(t, own);
  const { row } = await line.hear(feed(knownBases));
  t.like(row, { outcome: 'absorbed', code: null });
  const known = await line.catalogue();
  t.is(known.length, 3);
  const ids = new Set(known.map(({ id }) => id));
  return {
    ...line,
    async hear(answer, given) {
      const run = await line.hear(answer, given);
      const now = await line.catalogue();
      t.deepEqual(
        now.filter(({ id }) => ids.has(id)),
        known,
        'Known events must stay searchable, unchanged.',
      );
      t.false(Object.values(line.listings()).includes('withdrawn'), 'Nothing may be withdrawn.');
      t.deepEqual(
        (await line.archive.runs('hostile', 1))[0],
        run.row,
        'The run must be stored as it was reported.',
      );
      return run;
    },
  };
}

export const first = base({ id: 'first', title: 'First' });
export const last = base({ id: 'last', title: 'Last' });

/** The offset of the record in `around`. */
export const aroundPlace = { line: 5, column: 7 };

/** A feed with `text` as a record between two valid ones, `First` and `Last`; the known records follow. */
export const around = (text: string, dialect: Dialect = 'plan-list-xml'): string =>
  feedOf(
    [record(first, dialect), text, ...[last, ...knownBases].map((one) => record(one, dialect))],
    dialect,
  );

/** Asserts that both neighbours in `around` were taken. */
export async function neighboursTaken(t: ExecutionContext, line: Line): Promise<void> {
  const titles = await line.titles();
  t.true(titles.includes('First'), 'The valid record before must be taken.');
  t.true(titles.includes('Last'), 'The valid record after must be taken.');
}
