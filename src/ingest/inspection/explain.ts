// Why a search finds an event, or does not: from the archive, its quarantine, and the version that is served.

import { verdicts, type EventName, type Inspection, type Verdict } from '#/domain/inspection.ts';
import { eventId } from '#/domain/identity.ts';
import { inspectedEvent, possibleStarts, type InspectedEvent } from '#/archive/inspection/event.ts';
import { heldWith } from '#/archive/inspection/held.ts';
import { refusedParts, refusedWithId, type RefusedPart } from '#/archive/inspection/refused.ts';
import type { Held } from '#/archive/runs/held.ts';
import { valueHolds, type ValueHold } from '#/archive/runs/value-holds.ts';
import type { Db } from '#/archive/rows.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { missedBounds } from './bounds.ts';
import { factsJson, heldJson, holdJson, holdText, localText, refusedJson, type Json } from './texts.ts';
import { findIn, readable, type ServedEvent, type Snapshots } from './versions.ts';

type Question = Extract<Inspection, { what: 'explain' }>;

interface Known {
  readonly event: InspectedEvent | null;
  readonly refused: readonly RefusedPart[];
  readonly held: Held | null;
  /** Of its provider, or of each that could have it. */
  readonly holds: readonly ValueHold[];
  readonly starts: ReadonlySet<number>;
}

interface Served {
  readonly version: number;
  readonly newest: number;
  readonly pinned: boolean;
  readonly found: ServedEvent | null;
}

interface Finding {
  readonly code: Verdict;
  readonly message: string;
}

export interface ExplainDeps {
  readonly store: Snapshots;
  readonly read: <T>(read: (tx: Db) => Promise<T>) => Promise<T>;
}

const idOf = (name: EventName): string =>
  'id' in name ? name.id : eventId(name.provider, name.base, name.plan);

export async function explain(question: Question, { store, read }: ExplainDeps): Promise<Json> {
  const id = idOf(question.event);
  const known = await read((tx) => knownOf(tx, id, question.event));
  const served = await servedOf(store, id, known.starts, question.served);
  const timeZone = known.event?.timeZone ?? 'UTC';
  const times = served?.found ?? known.event?.shown ?? null;
  const missed = times === null ? [] : missedBounds(times, question, timeZone);
  const [first, ...also] = findingsOf(
    known,
    served,
    missed.map(({ message }) => message),
  );
  return {
    verdict: first?.code,
    message: first?.message,
    found: first?.code === 'found',
    also,
    id,
    event: known.event === null ? null : eventJson(known.event),
    range: {
      starts_at: question.startsAt === null ? null : rfc3339(question.startsAt),
      ends_at: question.endsAt === null ? null : rfc3339(question.endsAt),
      starts_at_local: question.startsAt === null ? null : localText(question.startsAt, timeZone),
      ends_at_local: question.endsAt === null ? null : localText(question.endsAt, timeZone),
      time_zone: timeZone,
    },
    missed,
    served:
      served === null
        ? null
        : {
            version: served.version,
            newest: served.newest,
            pinned: served.pinned,
            event: served.found?.event ?? null,
          },
    quarantine: known.refused.map(refusedJson),
    held: known.held === null ? null : heldJson(known.held),
    held_values: known.holds.map(holdJson),
  };
}

async function knownOf(tx: Db, id: string, name: EventName): Promise<Known> {
  const event = await inspectedEvent(tx, id);
  if (event === null) {
    const refused =
      'id' in name
        ? await refusedWithId(tx, id)
        : await refusedParts(tx, name.provider, name.base, name.plan);
    const holds = await valueHolds(tx, 'id' in name ? null : name.provider);
    return { event, refused, held: null, holds, starts: new Set() };
  }
  const { provider, base_id: base, plan_id: plan, n } = event.row;
  return {
    event,
    refused: await refusedParts(tx, provider, base, plan),
    held: await heldWith(tx, provider, n),
    holds: await valueHolds(tx, provider),
    starts: await possibleStarts(tx, id, event),
  };
}

/** Null when nothing was ever published. `wanted`: the version that this host serves; the store's target when it has gone. */
async function servedOf(
  store: Snapshots,
  id: string,
  starts: ReadonlySet<number>,
  wanted: number | null,
): Promise<Served | null> {
  const target = await readable(() => store.target());
  const newest = await readable(() => store.currentVersion());
  if (target === null) return null;
  const own = wanted === null ? null : await store.retrieveManifest(wanted).catch(() => null);
  const manifest = own ?? (await readable(() => store.retrieveManifest(target.version)));
  return {
    version: manifest.version,
    newest: newest ?? target.version,
    pinned: target.pinned,
    found: await findIn(store, manifest, id, starts),
  };
}

/** In the order of `verdicts`; the first decides. `missed`: the bounds that exclude the event. */
function findingsOf(known: Known, served: Served | null, missed: readonly string[]): Finding[] {
  const { event } = known;
  const found = new Map<Verdict, string>();
  const isServed = served !== null && served.found !== null;
  if (isServed && missed.length === 0)
    found.set('found', `Version ${served.version} has it, within the range.`);
  if (isServed && missed.length > 0) found.set('outside_range', missed.join(' '));
  for (const [code, message] of ofArchive(known)) found.set(code, message);
  const isLater = event !== null && event.shown !== null && !isServed;
  if (isLater) {
    found.set('not_served_yet', notServed(served));
    if (missed.length > 0) found.set('outside_range', `Once it is served: ${missed.join(' ')}`);
  }
  if (isServed && event !== null && isNewer(event, served.found))
    found.set(
      'changed_since',
      `The archive has newer values than version ${served.version}: it starts at ${rfc3339(event.shown?.start ?? 0)} and ends at ${rfc3339(event.shown?.end ?? 0)}.`,
    );
  const ordered = verdicts.flatMap((code) => {
    const message = found.get(code);
    return message === undefined ? [] : [{ code, message }];
  });
  // What is not served is not found for that reason, whatever the range.
  const isFirst = ({ code }: Finding): boolean => code === 'not_served_yet';
  return isLater ? [...ordered.filter(isFirst), ...ordered.filter((one) => !isFirst(one))] : ordered;
}

function ofArchive({ event, refused, held, holds }: Known): [Verdict, string][] {
  const list: [Verdict, string][] = [];
  const waiting = holds.map((hold) => holdText(hold, event === null ? 'have it' : 'change it'));
  if (waiting.length > 0) list.push(['values_held', waiting.join(' ')]);
  const [part] = refused;
  if (part !== undefined) {
    const what = part.planId === null ? 'the whole record' : 'the event';
    list.push([
      'quarantined',
      `Run ${part.runId} refused ${what} (${part.code}) at line ${part.line}, column ${part.column}: ${part.message}`,
    ]);
  }
  if (event === null) {
    if (part === undefined)
      list.push(['unknown', 'This archive does not have it, and no refused part of a feed could be it.']);
    return list;
  }
  const { listing, facts, shown, changedAt } = event;
  if (shown === null)
    list.push([
      'never_online',
      `No feed has reported it online; it is ${facts.sellMode} since it was first seen.`,
    ]);
  if (held !== null)
    list.push([
      'withdrawal_held',
      `The feed of run ${held.runId} no longer has it; its withdrawal is held with ${held.events} events. Until then it stays listed.`,
    ]);
  if (listing === 'withdrawn')
    list.push([
      'withdrawn',
      `A complete feed no longer has it, since ${rfc3339(changedAt)}.${shown === null ? '' : ' It stays searchable, because it was online once.'}`,
    ]);
  if (shown !== null && facts.sellMode === 'offline')
    list.push([
      'offline',
      'The feed reports it offline. It stays searchable with the values last seen online.',
    ]);
  return list;
}

function notServed(served: Served | null): string {
  if (served === null) return 'The archive has it, but no version was published yet.';
  if (served.pinned)
    return `The archive has it, but version ${served.version} is served, which is pinned; the newest is ${served.newest}.`;
  const behind = served.version < served.newest ? `, while ${served.newest} is published` : '';
  return `The archive has it, but version ${served.version} does not${behind}. A publish may be under way, or be held.`;
}

const isNewer = ({ shown }: InspectedEvent, served: ServedEvent | null): boolean =>
  shown !== null &&
  served !== null &&
  (shown.start !== served.start || shown.end !== served.end || shown.title !== served.event['title']);

const eventJson = ({ row, listing, facts, changedAt, timeZone }: InspectedEvent): Json => ({
  provider: row.provider,
  base_id: row.base_id,
  plan_id: row.plan_id,
  time_zone: timeZone,
  listing,
  ...factsJson(facts),
  first_seen_at: rfc3339(row.first_seen_at),
  changed_at: rfc3339(changedAt),
});
