// Rebuilds an archive and its snapshot from the kept bodies: the same runs in the same order, through the code of ingest.

import { hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { openArchive, type Archive } from '#/archive/archive.ts';
import type { RunRow } from '#/archive/runs/runs.ts';
import { checkContent, readContent } from '#/provider/bodies/content.ts';
import { readIndex, type BodyEntry } from '#/provider/bodies/entry.ts';
import { contentPath, runsOf } from '#/provider/bodies/body-store.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Feed } from '#/provider/http/fetch.ts';
import type { Provider } from '#/provider/provider.ts';
import { eventsIn } from '#/snapshot/manifest.ts';
import { openLocalStore } from '#/store/local.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { runProvider } from '#/ingest/feeds/run.ts';
import { createParse } from '#/ingest/feeds/parse-pool.ts';
import { createBuild } from '#/ingest/publishing/build.ts';
import { createPublisher } from '#/ingest/publishing/publisher.ts';

export interface ReplayDeps {
  readonly providers: readonly Provider[];
  readonly threads: number;
  /** `bytes` of the entry have been read. */
  readonly progress: (entry: BodyEntry, bytes: number) => void;
  readonly replayed: (entry: BodyEntry, row: RunRow) => void;
}

export interface Replayed {
  readonly version: number;
  readonly events: number;
  readonly segments: number;
  /** SHA-256 over the hashes of all segments in order, one line each: equal catalogues have equal values. */
  readonly catalogue: string;
}

/** The kept bodies in `directory`, each checked. Throws when one is damaged, or its provider is not configured. */
export async function keptBodies(
  directory: string,
  providers: readonly Provider[],
): Promise<readonly BodyEntry[]> {
  const { entries, invalid } = await readIndex(runsOf(directory));
  if (invalid[0] !== undefined) throw new Error(invalid[0].message);
  const names = new Set(providers.map(({ name }) => name));
  const checked = new Set<string>();
  for (const entry of entries) {
    if (!names.has(entry.provider)) {
      const expected = [...names].join(', ') || 'none';
      throw new Error(`Got a body of the provider ${entry.provider}, expected one of ${expected}.`);
    }
    if (!checked.has(entry.hash)) await checkContent(contentPath(directory, entry.hash), entry);
    checked.add(entry.hash);
  }
  return entries;
}

export const archiveIn = (directory: string): string => `sqlite:${join(directory, 'archive.sqlite')}`;

/** Builds in `into`, which must be empty and gets the layout of a DATA_DIR. Throws when the archive or the disk fails. */
export async function replay(
  directory: string,
  entries: readonly BodyEntry[],
  into: string,
  deps: ReplayDeps,
): Promise<Replayed> {
  return replayRuns(directory, entries, into, deps, async (archive, pool) => {
    const store = await openLocalStore(join(into, 'snapshots'));
    return publishAll(archive, store, pool, deps.threads);
  });
}

/** The same without a snapshot: `ended` gets the archive after the last run. */
export async function replayRuns<T>(
  directory: string,
  entries: readonly BodyEntry[],
  into: string,
  deps: ReplayDeps,
  ended: (archive: Archive, pool: Piscina) => Promise<T>,
): Promise<T> {
  await mkdir(into, { recursive: true });
  const archive = await openArchive(archiveIn(into));
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: deps.threads,
    maxQueue: 256,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  // The failed task reports the fault.
  pool.on('error', () => undefined);
  try {
    for (const entry of entries) {
      const chunks = chunksOf(directory, entry, (bytes) => deps.progress(entry, bytes));
      deps.replayed(entry, await replayRun(entry, chunks, archive, pool, deps));
    }
    return await ended(archive, pool);
  } finally {
    await pool.close();
    await archive.close();
  }
}

async function replayRun(
  entry: BodyEntry,
  chunks: Feed['chunks'],
  archive: Archive,
  pool: Piscina,
  { providers, threads }: ReplayDeps,
): Promise<RunRow> {
  const provider = providers.find(({ name }) => name === entry.provider) as Provider;
  const validators = { etag: null, lastModified: null };
  const feed: Feed = { chunks, contentType: entry.contentType, validators, freshForMs: null };
  const { row } = await runProvider(
    { ...provider, gate: gateOf(entry, provider) },
    {
      archive,
      fetch: () => Promise.resolve(feed),
      parse: createParse(pool),
      parseAhead: threads + 2,
      now: () => entry.startedAt,
      absorbed: () => undefined,
      // Each kept body is one page.
      pagesMax: 1,
    },
    new AbortController().signal,
  );
  await archive.maintain();
  if (row.code === 'run_failed' && entry.fault?.code !== 'run_failed')
    throw new Error(`${entry.provider}: the run of body ${entry.number} failed: ${row.message}`);
  return row;
}

/** The original run decided on its withdrawals, by the gate's limits or an operator's approval: the replay repeats that. */
const open: Provider['gate'] = { withdrawShareMax: 1, growthFactorMax: Number.POSITIVE_INFINITY };
const shut: Provider['gate'] = { withdrawShareMax: 0, growthFactorMax: 1 };

/** Values of a run that were held are held again by the limits of the provider; those of other runs were admitted. */
function gateOf({ held, fault }: BodyEntry, { gate }: Provider): Provider['gate'] {
  if (held) return shut;
  return fault?.code === 'values_held' ? { ...gate, ...open } : open;
}

/** The body as the provider sent it: a body that broke off throws the same fault at its end. */
async function* chunksOf(
  directory: string,
  { hash: name, fault }: BodyEntry,
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of readContent(contentPath(directory, name))) {
    bytes += chunk.length;
    progress(bytes);
    yield chunk;
  }
  if (fault !== null) throw new FeedFault(fault.code, fault.message);
}

async function publishAll(
  archive: Archive,
  store: SnapshotStore,
  pool: Piscina,
  threads: number,
): Promise<Replayed> {
  const publisher = createPublisher({
    archive,
    store,
    mirror: null,
    build: createBuild(pool),
    buildAhead: threads + 1,
    announce: () => undefined,
    // The directory is a new one, with one version.
    notPruned: () => undefined,
    now: Date.now,
  });
  const { version } = await publisher.publish();
  const manifest = await store.retrieveManifest(version);
  const names = manifest.segments.map((segment) => `${segment.hash}\n`).join('');
  return {
    version,
    events: eventsIn(manifest),
    segments: manifest.segments.length,
    catalogue: hash('sha256', names, 'hex'),
  };
}
