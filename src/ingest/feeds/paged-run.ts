// One run of a feed in pages: it reads on where the last committed page leads, up to the last page. Each page is absorbed together
// with the URL of the next one, so a process that is killed continues where it was: no item is lost, and none counts twice.
// An event is withdrawn by an item that deletes it, never because a page does not have it.
//
//   cursor ──fetch──▶ page ──parse──▶ items ──one transaction──▶ events, withdrawals, cursor ──▶ next page, or the end

import type { PageCursor } from '#/archive/paging/cursors.ts';
import type { RunInHand } from '#/archive/absorbing/batch.ts';
import type { HeldValues } from '#/archive/absorbing/absorb.ts';
import type { RunEnd } from '#/archive/runs/runs.ts';
import { createReport, type Report } from '#/domain/report.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { ValueLimits } from '#/domain/value-gate.ts';
import { createDigests } from '#/kit/digests.ts';
import type { Offsets } from '#/kit/offsets.ts';
import type { EndedRun } from '#/provider/bodies.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Provider } from '#/provider/provider.ts';
import { noCounts, note, type RunCounts } from './absorber.ts';
import { outcomeOf, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import { fetchPage, type ReadPage } from './fetch-page.ts';
import { readingOf } from './reading.ts';

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
  /** Why the last page that was read is not absorbed; null when it is. */
  held: HeldValues | null;
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
    held: null,
    askedWaitMs: null,
  };
  const limits = (await archive.areValuesApproved(provider.name)) ? null : provider.gate;
  const broken = await readPages(provider, { id, startedAt }, limits, read, deps, stop);
  const { counts, report, unreadable, held } = read;
  if (held !== null) await archive.holdValues(provider.name, id, held.records, held.refusal.message);
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
    // Values that are held are not the provider's failure.
    isWhole: broken === null || held !== null,
    askedWaitMs: read.askedWaitMs,
  };
}

/** Reads pages until the last one, a limit, or a fault or held values, which it returns. */
async function readPages(
  provider: Provider,
  run: { readonly id: number; readonly startedAt: number },
  limits: ValueLimits | null,
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
    const page = await fetchPage(provider, url, read.counts, deps, stop);
    if (page instanceof FeedFault) {
      await deps.pageEnded?.(pageOf(provider, run, 'failed'));
      const again = begunAgain(cursor, page, deps.now());
      if (again === null) return refusalOf(page, read);
      cursor = again;
      visited.clear();
      continue;
    }
    visited.add(url);
    cursor = await absorbPage(provider, run, page, cursor, limits, read, deps);
    if (read.held !== null) return read.held.refusal;
    read.pages++;
    read.isLast = page.next === url;
    read.askedWaitMs = page.freshForMs;
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

/** Returns where the feed continues. */
async function absorbPage(
  provider: Provider,
  { id, startedAt }: { readonly id: number; readonly startedAt: number },
  { records, next, polledAt }: ReadPage,
  cursor: PageCursor,
  limits: ValueLimits | null,
  read: PagesRead,
  deps: FeedRunDeps,
): Promise<PageCursor> {
  const { counts, report } = read;
  for (const record of records) {
    const fault = note(record, counts, report);
    read.unreadable ??= fault;
  }
  counts.records += records.length;
  // A time of its own: an item that follows on a later page does not correct this one, it comes after it.
  const at = Math.max(deps.now(), startedAt + read.pages);
  const run: RunInHand = { id, provider: provider.name, at, known: createDigests(), seen: nothingSeen };
  const absorbed = await deps.archive.absorbPage(run, records, cursor, next, limits);
  read.held = absorbed.held;
  if (read.held !== null) {
    await deps.pageEnded?.(pageOf(provider, { id, startedAt: at }, 'failed'));
    return cursor;
  }
  for (const name of ['added', 'changed', 'relisted', 'withdrawn', 'quarantined', 'duplicates'] as const)
    counts[name] += absorbed[name];
  const { added, changed, relisted, withdrawn } = absorbed;
  // How many pages follow is not known.
  deps.absorbed(added + changed + relisted + withdrawn, polledAt, null);
  const isChanged = added + changed + relisted + withdrawn > 0;
  const ended = pageOf(provider, { id, startedAt: at }, isChanged ? 'absorbed' : 'unchanged');
  await deps.pageEnded?.({ ...ended, counts: { added, changed, relisted, withdrawn } });
  return absorbed.cursor;
}

const pageOf = (
  { name }: Provider,
  { id, startedAt }: { readonly id: number; readonly startedAt: number },
  outcome: 'absorbed' | 'unchanged' | 'failed',
): EndedRun => ({ id, provider: name, startedAt, outcome, code: null, counts: {} });
