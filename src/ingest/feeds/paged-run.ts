// One run of a feed in pages: it reads on where the last committed page leads, up to the last page. Each page is absorbed together
// with the URL of the next one, so a process that is killed continues where it was: no item is lost, and none counts twice.
// An event is withdrawn by an item that deletes it, never because a page does not have it.
//
//   cursor ──fetch──▶ page ──parse──▶ items ──one transaction──▶ events, withdrawals, cursor ──▶ next page, or the end

import type { PageCursor } from '#/archive/paging/cursors.ts';
import { keyOf, type AbsorbRecord, type RunInHand } from '#/archive/absorbing/batch.ts';
import type { RunEnd } from '#/archive/runs/runs.ts';
import { createReport, type Report } from '#/domain/report.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { createDigests } from '#/kit/digests.ts';
import type { Offsets } from '#/kit/offsets.ts';
import { messageOf } from '#/kit/errors.ts';
import type { EndedRun } from '#/provider/bodies.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Provider } from '#/provider/provider.ts';
import { nextUrl, openPage, pageAddress } from '#/provider/rpde/page.ts';
import { noCounts, note, type RunCounts } from './absorber.ts';
import { outcomeOf, parseRecords, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import { readingOf } from './reading.ts';

/** A page is held in memory and absorbed in one transaction. */
const pageBytesMax = 64_000_000;
const pageItemsMax = 10_000;
/** Of one run. The next one continues. */
const pagesDefault = 1000;
const itemsMax = 100_000;
/** A feed whose pages are gone is begun again, at most this often. */
const beginAgainMs = 24 * 3_600_000;
/** The standard asks for an hour or two after a 503; this is the longest wait of a schedule. */
const unavailableMs = 3_600_000;
const goneStatuses: ReadonlySet<number | null> = new Set([400, 404, 410]);

/** Items of a page replace each other by their key: no offset in the feed decides. */
const nothingSeen: Offsets = { add: () => undefined, offset: () => -1, size: 0 };

interface PagesRead {
  readonly counts: RunCounts;
  readonly report: Report;
  /** The first item that could not be read at all. */
  unreadable: Refusal | null;
  pages: number;
  isLast: boolean;
  askedWaitMs: number | null;
}

/** A provider's faults are part of the result. Throws only when the archive fails. */
export async function runPages(provider: Provider, deps: FeedRunDeps, stop: AbortSignal): Promise<FeedRun> {
  const { archive, now } = deps;
  const startedAt = now();
  const id = await archive.beginRun(provider.name, startedAt);
  const read: PagesRead = {
    counts: noCounts(),
    report: createReport(),
    unreadable: null,
    pages: 0,
    isLast: false,
    askedWaitMs: null,
  };
  const broken = await readPages(provider, { id, startedAt }, read, deps, stop);
  const { counts, report, unreadable } = read;
  if (broken !== null) report.addFault(broken, 'error');
  const fault = broken ?? unreadable;
  const end: RunEnd = {
    endedAt: now(),
    outcome: outcomeOf(counts, fault),
    code: fault?.code ?? null,
    message: fault?.message ?? null,
    counts,
    findings: report.findings(),
  };
  await archive.endRun(id, end);
  return {
    row: { id, provider: provider.name, startedAt, ...end },
    isWhole: broken === null,
    askedWaitMs: read.askedWaitMs,
  };
}

/** Reads pages until the last one, a limit or a fault, which it returns. */
async function readPages(
  provider: Provider,
  run: { readonly id: number; readonly startedAt: number },
  read: PagesRead,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<Refusal | null> {
  const { archive, pagesMax = pagesDefault } = deps;
  let cursor = await cursorOf(provider, deps);
  await archive.readAs(provider.name, cursor.reading);
  const visited = new Set<string>();
  while (read.pages < pagesMax && read.counts.records < itemsMax) {
    const url = cursor.next;
    const page = await fetchPage(provider, url, read, deps, stop);
    if (page instanceof FeedFault) {
      await deps.pageEnded?.(pageOf(provider, run, 'failed'));
      const again = begunAgain(cursor, page, deps.now());
      if (again === null) return refusalOf(page, read);
      cursor = again;
      visited.clear();
      continue;
    }
    visited.add(url);
    cursor = { ...cursor, next: page.next };
    await absorbPage(provider, run, page, cursor, read, deps);
    read.pages++;
    read.isLast = page.next === url;
    if (!read.isLast && visited.has(page.next))
      return refusalOf(new FeedFault('next_refused', 'Got a next that leads back to an earlier page.'), read);
    if (read.isLast && page.records.length > 0)
      return refusalOf(new FeedFault('next_refused', 'Got a page with items that leads to itself.'), read);
    if (read.isLast) return null;
  }
  return null;
}

async function cursorOf(provider: Provider, { archive }: FeedRunDeps): Promise<PageCursor> {
  const [first, reading] = [provider.url, readingOf(provider)];
  const kept = await archive.pageCursor(provider.name);
  if (kept !== null && kept.first === first && kept.reading === reading) return kept;
  return { first, reading, next: first, begunAgainAt: kept?.begunAgainAt ?? null };
}

/** Null when the fault is not that the page is gone, or when the feed was begun again not long ago. */
function begunAgain(cursor: PageCursor, { status }: FeedFault, now: number): PageCursor | null {
  const { first, next, begunAgainAt } = cursor;
  if (next === first || !goneStatuses.has(status)) return null;
  if (begunAgainAt !== null && now - begunAgainAt < beginAgainMs) return null;
  return { ...cursor, next: first, begunAgainAt: now };
}

function refusalOf({ code, message, status, retryAfterMs }: FeedFault, read: PagesRead): Refusal {
  read.askedWaitMs = retryAfterMs ?? (status === 503 ? unavailableMs : null);
  return { code, message };
}

interface ReadPage {
  /** The last item of each key. */
  readonly records: readonly AbsorbRecord[];
  readonly next: string;
  readonly polledAt: number;
}

/** The fault of a page of which nothing is absorbed. */
async function fetchPage(
  provider: Provider,
  url: string,
  read: PagesRead,
  deps: FeedRunDeps,
  stop: AbortSignal,
): Promise<ReadPage | FeedFault> {
  const ending = new AbortController();
  const polledAt = deps.now();
  const address = pageAddress(provider, url, pageBytesMax);
  try {
    const none = { etag: null, lastModified: null };
    const fetched = await deps.fetch(address, none, AbortSignal.any([stop, ending.signal]));
    if ('notModified' in fetched)
      throw new FeedFault('not_modified_unasked', 'Got status 304, expected 200.');
    const { batches, next } = openPage(fetched, address.limits.recordBytesMax);
    const items: AbsorbRecord[] = [];
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) {
        if (batch.value !== null) throw new FeedFault(batch.value.code, batch.value.message);
        break;
      }
      read.counts.bytes += batch.value.records.reduce((sum, { from, to }) => sum + to - from, 0);
      items.push(...(await parseRecords(batch.value, { format: 'rpde' }, address, deps)));
      if (items.length > pageItemsMax)
        throw new FeedFault('page_too_large', `Got more than ${pageItemsMax} items on a page.`);
    }
    const written = next();
    if (written === null) throw new FeedFault('next_missing', 'Got a page without next, expected a URL.');
    if (isRefusal(written)) throw new FeedFault(written.code, written.message);
    const to = nextUrl(provider, url, written);
    if (to === url) read.askedWaitMs = fetched.freshForMs;
    return { records: lastOfEach(items), next: to, polledAt };
  } catch (error) {
    return error instanceof FeedFault ? error : new FeedFault('run_failed', messageOf(error));
  } finally {
    // Also ends a body that was not read to its end.
    ending.abort();
  }
}

function lastOfEach(items: readonly AbsorbRecord[]): AbsorbRecord[] {
  const last = new Map<string, AbsorbRecord>();
  const keyless: AbsorbRecord[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) keyless.push(item);
    else last.set(key, { ...item, hash: '' });
  }
  return [...keyless, ...last.values()];
}

async function absorbPage(
  provider: Provider,
  { id, startedAt }: { readonly id: number; readonly startedAt: number },
  { records, polledAt }: ReadPage,
  cursor: PageCursor,
  read: PagesRead,
  deps: FeedRunDeps,
): Promise<void> {
  const { counts, report } = read;
  for (const record of records) {
    const fault = note(record, counts, report);
    read.unreadable ??= fault;
  }
  counts.records += records.length;
  // A time of its own: an item that follows on a later page does not correct this one, it comes after it.
  const at = Math.max(deps.now(), startedAt + read.pages);
  const run: RunInHand = { id, provider: provider.name, at, known: createDigests(), seen: nothingSeen };
  const absorbed = await deps.archive.absorbPage(run, records, cursor);
  for (const name of ['added', 'changed', 'relisted', 'withdrawn', 'quarantined', 'duplicates'] as const)
    counts[name] += absorbed[name];
  const { added, changed, relisted, withdrawn } = absorbed;
  // How many pages follow is not known.
  deps.absorbed(added + changed + relisted + withdrawn, polledAt, null);
  const isChanged = added + changed + relisted + withdrawn > 0;
  const ended = pageOf(provider, { id, startedAt: at }, isChanged ? 'absorbed' : 'unchanged');
  await deps.pageEnded?.({ ...ended, counts: { added, changed, relisted, withdrawn } });
}

const pageOf = (
  { name }: Provider,
  { id, startedAt }: { readonly id: number; readonly startedAt: number },
  outcome: 'absorbed' | 'unchanged' | 'failed',
): EndedRun => ({ id, provider: name, startedAt, outcome, code: null, counts: {} });
