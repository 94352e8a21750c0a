// A provider whose feed differs at each fetch, and an oracle that checks that an answer of the search is the state after a
// prefix of what was served: no event partial, lost, invented, or newer than the ones before it.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { isLong } from '../_support/long.ts';

/** In the short form a smaller feed in smaller pieces: as many chances to be killed. */
export const bases = isLong ? 1600 : 400;
const zonesPerPlan = 24;
const pieceBytes = (isLong ? 256 : 64) * 1024;
const pieceMs = 4;

/** At multiples of this revision all bases are in the feed, and online; so they are in the first. */
const tellingAll = 10;
const tellsAll = (revision: number): boolean => revision === 1 || revision % tellingAll === 0;

export interface Nights {
  readonly url: string;
  /** The revisions that were served, in order. */
  readonly served: readonly number[];
  /** From now on every fetch gets the same revision, with every base online. Returns its number. */
  stopChanging(): number;
}

/** Each fetch gets the next revision, from 1. */
export async function startNights(t: ExecutionContext): Promise<Nights> {
  const served: number[] = [];
  let next = 1;
  let isLast = false;
  const server = createServer((_request, response) => {
    if (served.at(-1) !== next) served.push(next);
    send(response, feedAt(next)).catch(() => response.destroy());
    if (!isLast) next++;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
    served,
    stopChanging: () => {
      isLast = true;
      return (next = Math.ceil(next / tellingAll) * tellingAll);
    },
  };
}

/** Sends pieces with pauses, so that a run can be killed while it reads. */
async function send(response: ServerResponse, feed: Buffer): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/xml; charset=utf-8' });
  for (let at = 0; at < feed.length; at += pieceBytes) {
    if (response.destroyed) return;
    response.write(feed.subarray(at, at + pieceBytes));
    await sleep(pieceMs);
  }
  response.end();
}

/** A quarter of the bases changes with each revision. */
const isChanged = (base: number, revision: number): boolean => revision === 1 || (base + revision) % 4 === 0;
/** Some bases are missing from some revisions, and some are offline: neither may change the search. */
const isTold = (base: number, revision: number): boolean =>
  tellsAll(revision) || (base * 7 + revision) % 19 !== 0;
const isOnline = (base: number, revision: number): boolean =>
  tellsAll(revision) || (base * 5 + revision) % 23 !== 0;

/** The revision whose values a base has in the feed of `revision`. */
function valuesAt(base: number, revision: number): number {
  let values = revision;
  while (!isChanged(base, values)) values--;
  return values;
}

function feedAt(revision: number): Buffer {
  let xml = '<?xml version="1.0" encoding="UTF-8"?>\n<planList version="1.0">\n<output>\n';
  for (let base = 0; base < bases; base++) {
    if (!isTold(base, revision)) continue;
    const values = valuesAt(base, revision);
    const { start, end, title } = nightOf(base, values);
    xml += `<base_plan base_plan_id="${base}" sell_mode="${isOnline(base, revision) ? 'online' : 'offline'}" title="${title}">\n`;
    xml += `<plan plan_id="1" plan_start_date="${start}" plan_end_date="${end}" sell_from="2025-01-01T00:00:00" sell_to="${start}" sold_out="false">\n`;
    xml += `<zone zone_id="0" capacity="5" price="${values}.50" name="Front row" numbered="true"/>\n${zones}`;
    xml += '</plan>\n</base_plan>\n';
  }
  return Buffer.from(`${xml}</output>\n</planList>\n`);
}

const zones = Array.from(
  { length: zonesPerPlan },
  (_, zone) =>
    `<zone zone_id="${zone + 1}" capacity="${zone * 10}" price="${5000 + zone}.00" name="Gallery ${zone + 1}, behind the pillar" numbered="false"/>\n`,
).join('');

interface Night {
  readonly title: string;
  readonly start: string;
  readonly end: string;
}

/** It moves within its day; every third night sometimes moves to another day. */
function nightOf(base: number, values: number): Night {
  const day = (base % 300) + (base % 3 === 0 ? values % 5 : 0);
  const startMs = Date.UTC(2026, 0, 1 + day, 12, values % 60, base % 60);
  const wallClock = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
  return {
    title: `Night ${base}, revision ${values}`,
    start: wallClock(startMs),
    end: wallClock(startMs + 5_400_000),
  };
}

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly start_date: string;
  readonly start_time: string;
}

/** The fault of an answer to a search of everything; undefined when it is the state after a prefix of what was served. */
export function faultOf(
  body: string,
  served: readonly number[],
  ids: Map<number, string>,
): string | undefined {
  const { data, error } = JSON.parse(body) as { data: { events: Shown[] }; error: unknown };
  if (error !== null) return `Got the error ${JSON.stringify(error)}.`;
  const seen = new Set<number>();
  let before: Shown | undefined;
  for (const event of data.events) {
    const [base, values] = baseAndValues(event.title);
    const wanted = JSON.stringify(rendered(event.id, base, values));
    if (JSON.stringify(event) !== wanted) return `Got ${JSON.stringify(event)}, expected ${wanted}.`;
    if (seen.has(base)) return `Got ${base} twice.`;
    if ((ids.get(base) ?? event.id) !== event.id) return `Got another id for ${base} than before.`;
    if (before !== undefined && keyOf(before) >= keyOf(event))
      return `Got ${event.title} behind ${before.title}.`;
    ids.set(base, event.id);
    seen.add(base);
    before = event;
  }
  return tornAt(
    data.events.map(({ title }) => title),
    served,
  );
}

function baseAndValues(title: string): [base: number, values: number] {
  return (title.match(/\d+/g) ?? []).map(Number) as [number, number];
}

/**
 * The fault of a set of titles; undefined when they are the state after a prefix of what was served.
 *
 * Each fetch is absorbed up to some position, and its records up to there replace earlier ones. A fetch cannot have come
 * further than the first base that shows an older revision. Assume that each came exactly that far: since a base never goes
 * back to an older revision, this assumption explains every valid state.
 */
export function tornAt(titles: readonly string[], served: readonly number[]): string | undefined {
  const shown = new Map(titles.map(baseAndValues));
  const explained = new Map<number, number>();
  for (const revision of served) {
    for (let base = 0; base < bases; base++) {
      if (!isTold(base, revision) || !isOnline(base, revision)) continue;
      const values = valuesAt(base, revision);
      if (values > (shown.get(base) ?? 0)) break;
      explained.set(base, values);
    }
  }
  for (let base = 0; base < bases; base++) {
    if (shown.get(base) === explained.get(base)) continue;
    return `Got revision ${shown.get(base)} of ${base}, which no completed prefix of the ${served.length} feeds explains.`;
  }
  return undefined;
}

function rendered(id: string, base: number, values: number): object {
  const { title, start, end } = nightOf(base, values);
  return {
    id,
    title,
    start_date: start.slice(0, 10),
    start_time: start.slice(11),
    end_date: end.slice(0, 10),
    end_time: end.slice(11),
    min_price: values + 0.5,
    max_price: 5000 + zonesPerPlan - 1,
  };
}

const keyOf = ({ start_date, start_time, id }: Shown): string => `${start_date} ${start_time} ${id}`;

/** The body of a search of everything after the whole feed of a revision with all bases. */
export function bodyAfter(revision: number, ids: ReadonlyMap<number, string>): string {
  const events = Array.from({ length: bases }, (_, base) =>
    rendered(ids.get(base) ?? '', base, valuesAt(base, revision)),
  ) as Shown[];
  events.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return JSON.stringify({ data: { events }, error: null });
}
