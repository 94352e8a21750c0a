// Answers what an event was: its history, and its state in an earlier version or at an earlier instant.

import type { Past, Until } from '#/domain/past.ts';
import { answerOf, type Answer } from '#/http/events/answers.ts';
import type { Failure } from '#/http/events/failures.ts';
import type { Companions } from '#/search/by-id/companions.ts';
import { eventText } from '#/search/by-id/event-text.ts';
import { needsCompanion, type EventField } from '#/search/by-id/fields.ts';
import { findIn } from '#/search/by-id/id-index.ts';
import { changeText, pastEventText } from '#/search/by-id/past-text.ts';
import type { View } from '#/search/view.ts';
import { archiveAway, noCompanion, unknownEvent, versionAway, versionGone } from './failures.ts';
import type { HistoryQuery } from './query.ts';

export interface EarlierDeps {
  readonly companions: Companions;
  /** A version from memory or from the snapshot store; null when it has gone. Rejects when the store is unavailable. */
  readonly viewOf: (version: number) => Promise<View | null>;
  readonly past: Past;
}

export const bodyOf = (event: string): Buffer => Buffer.from(`{"data":{"event":${event}},"error":null}`);

/** `version`: the current one, for an answer from the archive. */
export function earlierEvent(
  id: string,
  asOf: Until,
  fields: readonly EventField[] | null,
  version: number,
  deps: EarlierDeps,
): Promise<Answer | Failure> {
  if (asOf.kind === 'version') return ofVersion(id, asOf.version, fields, deps);
  return deps.past.eventAt(id, asOf.instant).then(
    (found) => (found === null ? unknownEvent(id) : answerOf(version, bodyOf(pastEventText(found, fields)))),
    () => archiveAway,
  );
}

async function ofVersion(
  id: string,
  version: number,
  fields: readonly EventField[] | null,
  { viewOf, companions }: EarlierDeps,
): Promise<Answer | Failure> {
  const view = await viewOf(version).catch(() => undefined);
  if (view === undefined) return versionAway;
  if (view === null) return versionGone(version);
  const found = findIn(view, id);
  if (found === null) return unknownEvent(id);
  if (!needsCompanion(fields)) return answerOf(version, bodyOf(eventText(found, null, fields)));
  const sighted = companions.peek(found) ?? (await companions.read(found).catch(() => null));
  return sighted === null ? noCompanion : answerOf(version, bodyOf(eventText(found, sighted, fields)));
}

export async function historyOf(
  id: string,
  { limit, beforeSeq, asOf }: HistoryQuery,
  version: number,
  past: Past,
): Promise<Answer | Failure> {
  const page = await past.changes(id, beforeSeq, asOf, limit).catch(() => null);
  if (page === null) return archiveAway;
  if ('missing' in page)
    return page.missing === 'event' || asOf?.kind !== 'version'
      ? unknownEvent(id)
      : versionGone(asOf.version);
  const { changes, hasMore } = page;
  const cursor = hasMore ? `"${changes.at(-1)?.seq}"` : 'null';
  const body = `{"data":{"id":"${id}","changes":[${changes.map(changeText).join(',')}],"next_cursor":${cursor}},"error":null}`;
  return answerOf(version, Buffer.from(body));
}
