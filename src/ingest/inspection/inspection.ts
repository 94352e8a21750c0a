// Answers an operator's questions about the catalogue and the archive, one at a time: each reads as much as its page needs.

import pLimit from 'p-limit';
import type { Inspection } from '#/domain/inspection.ts';
import { inspectedEvent } from '#/archive/inspection/event.ts';
import { heldPage } from '#/archive/inspection/held.ts';
import { publishedChanges } from '#/archive/inspection/history.ts';
import { bodyOf, excerptOf } from '#/provider/bodies/excerpt.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { createDiffs } from '#/store/diff/diffs.ts';
import { DiffTooLarge } from '#/store/diff/compare.ts';
import type { DiffPage } from '#/store/diff/page.ts';
import { messageOf } from '#/kit/errors.ts';
import { isMissing } from '#/kit/files.ts';
import type { InspectedArchive } from './archive.ts';
import { explain } from './explain.ts';
import { InspectionRefused } from './refusal.ts';
import { createSizes } from './sizes.ts';
import { changeJson, factsJson, heldJson, stateJson, type Json } from './texts.ts';
import { manifestOf, readable, type Snapshots } from './versions.ts';

export interface InspectionDeps {
  readonly store: Snapshots;
  readonly archive: Pick<InspectedArchive, 'read'>;
  /** Of the kept bodies. */
  readonly bodies: string;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

export interface Inspections {
  /** Throws InspectionRefused. */
  answer(question: Inspection): Promise<object>;
  /** Throws InspectionRefused. `cursor`: null for the first page. */
  diff(from: number, to: number, limit: number, cursor: string | null): Promise<DiffPage>;
}

type About<What extends Inspection['what']> = Extract<Inspection, { what: What }>;

/** Zones of a state that a history lists. */
const zonesMax = 100;
const waitingMax = 20;

export function createInspections({ store, archive, bodies, now }: InspectionDeps): Inspections {
  const diffs = createDiffs(store);
  const sizes = createSizes(store, now);
  const oneAtATime = pLimit(1);

  function inTurn<T>(read: () => Promise<T>): Promise<T> {
    if (oneAtATime.pendingCount >= waitingMax)
      return Promise.reject(
        new Error(`Got more than ${waitingMax} requests at the same time, expected fewer.`),
      );
    return oneAtATime(read);
  }

  async function history({ id, before, limit }: About<'history'>): Promise<Json> {
    const read = await archive.read(async (tx) => {
      const event = await inspectedEvent(tx, id);
      return event === null ? null : { event, page: await publishedChanges(tx, event, before, limit) };
    });
    if (read === null) throw new InspectionRefused('event_unknown', `This archive has no event ${id}.`);
    const { event, page } = read;
    return {
      id,
      provider: event.row.provider,
      base_id: event.row.base_id,
      plan_id: event.row.plan_id,
      listing: event.listing,
      searchable: event.shown !== null,
      changes: page.changes.map((change) => ({
        seq: change.seq,
        at: rfc3339(change.at),
        run: change.runId,
        kind: change.kind,
        version: change.version,
        published_at: change.publishedAt === null ? null : rfc3339(change.publishedAt),
        ...changeJson(
          change.before === null ? null : stateJson(change.before, zonesMax),
          stateJson(change.after, zonesMax),
        ),
      })),
      next_cursor: page.hasMore ? String(page.changes.at(-1)?.seq) : null,
    };
  }

  async function held({ provider, after, limit }: About<'held'>): Promise<Json> {
    const page = await archive.read((tx) => heldPage(tx, provider, after, limit));
    if (page === null) return { held: null, events: [], next_cursor: null };
    return {
      held: heldJson(page.held),
      time_zone: page.timeZone,
      events: page.events.map(({ id, baseId, planId, listing, searchable, facts }) => {
        const { title, start_date, start_time, end_date, end_time, starts_at, ends_at } = factsJson(facts);
        const times = { start_date, start_time, end_date, end_time, starts_at, ends_at };
        return { id, base_id: baseId, plan_id: planId, title, ...times, listing, searchable };
      }),
      next_cursor: page.hasMore ? String(page.events.at(-1)?.n) : null,
    };
  }

  async function excerpt({ provider, run, line, column }: About<'excerpt'>): Promise<Json> {
    const kept = await bodyOf(bodies, provider, run);
    if (kept === null)
      throw new InspectionRefused(
        'body_not_kept',
        `This host has no kept body of ${provider}${run === null ? '' : ` up to run ${run}`}; FEED_BODIES_MEGABYTES limits how many are kept.`,
      );
    const found = await excerptOf(bodies, kept, line, column).catch((error: unknown) => {
      const reason = isMissing(error) ? 'it was removed' : messageOf(error);
      throw new InspectionRefused('body_not_kept', `The kept body cannot be read: ${reason}.`);
    });
    if (found === null)
      throw new InspectionRefused('place_not_found', `Got line ${line}, expected one of the kept body.`);
    const { body, exact, lines, marked } = found;
    return {
      provider,
      run: body.runId,
      exact,
      fetched_at: rfc3339(body.startedAt),
      bytes: body.bytes,
      line,
      column,
      lines,
      marked,
    };
  }

  async function answerTo(question: Inspection): Promise<object> {
    switch (question.what) {
      case 'explain':
        return explain(question, { store, read: (read) => archive.read(read) });
      case 'history':
        return history(question);
      case 'segments':
        return sizes.page(await manifestOf(store, question.version), question.from, question.limit);
      case 'held':
        return held(question);
      case 'excerpt':
      default:
        return excerpt(question);
    }
  }

  return {
    answer: (question) => inTurn(() => answerTo(question)),
    diff: (from, to, limit, cursor) =>
      inTurn(async () => {
        await manifestOf(store, from);
        await manifestOf(store, to);
        const page = await readable(() => diffs.page(from, to, limit, cursor).catch(refuseLarge));
        if (page === 'invalid')
          throw new InspectionRefused(
            'cursor_invalid',
            'Got a cursor of other versions, expected one that this diff returned.',
          );
        return page;
      }),
  };
}

function refuseLarge(error: unknown): never {
  if (error instanceof DiffTooLarge) throw new InspectionRefused('diff_too_large', error.message);
  throw error;
}
