// Reads the changes that a client lacks. The changes between two versions are found once and kept for a while: all clients of a
// worker that are at the same version share them.

import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { JournalReader } from '#/domain/journaled.ts';
import { createEventWriter } from '#/search/events/render.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import { diffOf, type Diff } from './diff.ts';
import { journalPage } from './journal-page.ts';
import { writeChanges } from './page.ts';
import { eventsUpTo, writeRows, type RowPlace } from './rows.ts';
import { inSlices } from './sliced.ts';
import { beginning, encodeToken, type Position, type VersionName } from './token.ts';

export interface ChangesPage {
  /** The JSON of the changes, separated by commas. */
  readonly changes: Buffer;
  readonly count: number;
  /** The token after this page, and the same as a position. */
  readonly token: string;
  readonly next: Position;
  readonly hasMore: boolean;
  /** Of the catalogue. */
  readonly version: number;
}

export interface ChangesQuery {
  readonly position: Position;
  /** Null for all. */
  readonly provider: string | null;
  readonly limit: number;
}

/**
 * - `gone`: a version that the position names is no longer kept.
 * - `undetailed`: the catalogue was published by an earlier version of Marquee.
 * - `busy`: too many others wait for their changes.
 */
export type NoChanges = 'gone' | 'undetailed' | 'busy';

export interface ChangesReader {
  /** Rejects when the snapshot store, which may have a version of the position, is unavailable. */
  read(query: ChangesQuery): Promise<ChangesPage | NoChanges>;
  /** The position of a client that has the current version; null when there is none with details. */
  now(): Position | null;
}

/** Memory for known diffs: 9 bytes per change. */
const diffBytesMax = 32_000_000;
/** Diffs that may wait: one is calculated at a time. */
const waitingMax = 32;
/** Entries of the journal that are read for one page. */
const journalMax = 200;

const empty: Edition = { version: 0, tag: 0, events: 0, segments: [], published: null };
const nameOf = ({ version, tag, published }: VersionName): VersionName | null =>
  version === 0 ? null : { version, tag, published };
const completeTo = (base: VersionName | null): Position => ({ ...beginning, base });

/** A page without changes: the client keeps its token. On the way to a version, it must ask again. */
const nothing = (position: Position, provider: string | null): ChangesPage => ({
  changes: Buffer.alloc(0),
  count: 0,
  token: encodeToken(position, provider),
  next: position,
  hasMore: position.target !== null || position.upTo !== null,
  version: position.base?.version ?? 0,
});

export interface ChangesReaderOptions extends Pinned {
  /** Whether an operator pinned the current version: then it may be older than what clients have. */
  readonly isPinned: () => boolean;
  /** Null where the archive is out of reach. */
  readonly journal: JournalReader | null;
}

export function createChangesReader({
  current,
  find,
  load,
  isPinned,
  journal,
}: ChangesReaderOptions): ChangesReader {
  const diffs = new LRUCache<string, Diff>({
    maxSize: diffBytesMax,
    sizeCalculation: ({ bytes }) => bytes + 200,
  });
  const running = new Map<string, Promise<Diff | null>>();
  const oneAtATime = pLimit(1);
  const writer = createEventWriter();

  /** The same events under another number are the same version: an emptied store begins with a new number. */
  async function resolve(name: VersionName | null, now: Edition): Promise<Edition | null> {
    if (name === null) return empty;
    if (name.tag === now.tag) return now;
    return find(name.version, name.tag) ?? (await load(name.version, name.tag));
  }

  /** Null when the base is no longer kept. */
  async function diffTo(target: Edition, base: VersionName, now: Edition): Promise<Diff | null | 'busy'> {
    const key = `${base.version} ${base.tag} ${target.tag}`;
    const known = diffs.get(key);
    if (known !== undefined) return known;
    const finding = running.get(key);
    if (finding !== undefined) return finding;
    if (running.size === waitingMax) return 'busy';
    const promised = oneAtATime(async () => {
      const edition = await resolve(base, now);
      if (edition === null) return null;
      const diff = await inSlices(diffOf(edition, target));
      diffs.set(key, diff);
      return diff;
    }).finally(() => running.delete(key));
    running.set(key, promised);
    return promised;
  }

  /** Whether another worker has answered from a version that this one will refresh to. */
  const isAhead = ({ base, target }: Position, now: Edition): boolean =>
    base !== null && target === null && base.tag !== now.tag && base.version > now.version && !isPinned();

  const pageOf = (
    changes: Buffer,
    count: number,
    next: Position,
    at: Edition,
    { provider }: ChangesQuery,
    now: Edition,
  ): ChangesPage => ({
    changes,
    count,
    token: encodeToken(next, provider),
    next,
    hasMore: next.target !== null || next.upTo !== null || (at.tag !== now.tag && !isAhead(next, now)),
    version: at.version,
  });

  /** The rest of a page that has `written` changes: the events of the version behind a place. */
  function rowsPage(
    edition: Edition,
    after: RowPlace | null,
    query: ChangesQuery,
    now: Edition,
    written = 0,
  ): ChangesPage {
    const rows = writeRows(edition, after, query, writer, written);
    const next = { ...completeTo(nameOf(edition)), upTo: rows.upTo, received: Number(rows.upTo !== null) };
    return pageOf(Buffer.from(writer.written()), rows.written, next, edition, query, now);
  }

  async function fromVersions(query: ChangesQuery, now: Edition): Promise<ChangesPage | NoChanges> {
    const { position, provider, limit } = query;
    const { base, received, upTo } = position;
    const isBetween = position.target === null;
    // A first walk moves to each new version, so that no version must last as long as the walk. Before that it has a page of events.
    const isWalking = isBetween && upTo !== null && (received === 0 || base?.tag === now.tag);
    if (base === null || isWalking || isAhead(position, now)) {
      const edition = base === null ? now : await resolve(base, now);
      if (edition === null) return 'gone';
      if (base !== null && upTo === null) return nothing(position, provider);
      writer.clear();
      return rowsPage(edition, upTo, query, now);
    }
    const target = isBetween ? now : await resolve(position.target, now);
    if (target === null) return 'gone';
    const diff = await diffTo(target, base, now);
    if (diff === null) return 'gone';
    if (diff === 'busy') return 'busy';
    writer.clear();
    const eventsMax = upTo === null ? diff.events : eventsUpTo(diff, target, upTo);
    const from = isBetween ? 0 : received;
    const { next, written } = writeChanges(diff, target, { from, eventsMax, limit, provider }, writer);
    if (next === diff.length && upTo !== null) return rowsPage(target, upTo, query, now, written);
    const after =
      next < diff.length
        ? { ...position, target: nameOf(target), received: next }
        : completeTo(nameOf(target));
    return pageOf(Buffer.from(writer.written()), written, after, target, query, now);
  }

  /**
   * The target is the version that is current at the first page: what is committed later is found by the comparison with it. Where a
   * page had to be read from a later version, a comparison would miss what was taken back since: the journal is read again from the
   * target on.
   */
  async function fromJournal(query: ChangesQuery, now: Edition): Promise<ChangesPage | NoChanges> {
    const { position, provider, limit } = query;
    const { base, isFromJournal, received, upTo } = position;
    const target = isFromJournal ? position.target : nameOf(now);
    const [since, end] = [base?.published, target?.published];
    if (!journal || !since || !end || !now.published || isPinned()) return 'gone';
    if (since.archive !== end.archive || end.archive !== now.published.archive || since.seq > end.seq)
      return 'gone';
    // This worker is behind one that answered a page before.
    if (Math.max(end.seq, position.seen) > now.published.seq) return nothing(position, provider);
    const after = isFromJournal && received > 0 ? received : null;
    const slice = await journal.slice({ since, after, upTo: end.seq, limit: Math.min(limit, journalMax) });
    if (slice === null) return 'gone';
    const own = await resolve(target, now).catch(() => null);
    const edition = own ?? now;
    const seen = own === null ? now.published.seq : position.seen;
    const pageWriter = createEventWriter();
    const plan = { provider, upTo: own === null ? null : upTo };
    const count = await inSlices(journalPage(slice.events, edition, plan, pageWriter));
    const way = { base, target, upTo, isFromJournal: true, seen };
    if (slice.seq === null && seen === 0) return afterJournal();
    const next: Position =
      slice.seq === null
        ? { ...way, base: target, target: nameOf(now), received: 0, seen: 0 }
        : { ...way, received: slice.seq };
    return pageOf(pageWriter.written(), count, next, edition, query, now);

    /** The copy is of the target. A first walk continues on the same page, so that each page has some of its events. */
    function afterJournal(): ChangesPage {
      const rows = upTo === null ? null : writeRows(edition, upTo, query, pageWriter, count);
      const done = { ...completeTo(target), upTo: rows?.upTo ?? null };
      return pageOf(pageWriter.written(), rows?.written ?? count, done, edition, query, now);
    }
  }

  return {
    now() {
      const edition = editionOf(current());
      return edition && completeTo(nameOf(edition));
    },
    async read(query) {
      const now = editionOf(current());
      if (now === null) return 'undetailed';
      const page: ChangesPage | NoChanges = query.position.isFromJournal
        ? 'gone'
        : await fromVersions(query, now);
      return page === 'gone' ? fromJournal(query, now) : page;
    },
  };
}
