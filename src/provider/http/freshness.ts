// How long an answer says that it stays as it is (RFC 9111, 4.2), and how long a refusal asks to be left alone. Every
// duration ends within an hour; the schedule cuts it to the provider's own interval.

import { askedWaitMsMax } from '#/provider/schedule.ts';

/** A header by its name in lower case, all of its values joined by commas; null when it was not sent. */
export type Said = (header: string) => string | null;

/** A form of `Retry-After` that nobody understands. */
const unclearWaitMs = 60_000;

/** Milliseconds; null when the answer says nothing of it, or that it must be asked for each time. `now`: since 1970. */
export function freshForMs(said: Said, now: number): number | null {
  const directives = directivesOf(said('cache-control') ?? '');
  if (directives.has('no-cache') || directives.has('no-store')) return null;
  const ageMs = (seconds(said('age')?.split(',')[0]) ?? 0) * 1000;
  const statedMs = lifetimeMs(directives) ?? untilMs(said('expires'), said, now);
  return statedMs === null ? null : bounded(statedMs - ageMs);
}

/** Milliseconds that `Retry-After` asks for, in seconds or as a date by the provider's own clock; null without it. */
export function retryAfterMs(said: Said, now: number): number | null {
  const text = said('retry-after');
  if (text === null) return null;
  const asked = seconds(text);
  if (asked !== null) return bounded(asked * 1000);
  return httpDate(text) === null ? unclearWaitMs : bounded(untilMs(text, said, now) ?? 0);
}

/** By name; a directive without an argument has an empty one. */
function directivesOf(cacheControl: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const [, name = '', quoted, token] of cacheControl.matchAll(
    /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?/g,
  )) {
    const key = name.toLowerCase();
    directives.set(key, [...(directives.get(key) ?? []), quoted ?? token ?? '']);
  }
  return directives;
}

/** Marquee answers many with what it reads, as a shared cache does: `s-maxage` goes before `max-age`. */
function lifetimeMs(directives: ReadonlyMap<string, readonly string[]>): number | null {
  const stated = directives.get('s-maxage') ?? directives.get('max-age');
  // One that cannot be read, or several that differ: as if it were stale (RFC 9111, 4.2.1).
  return stated === undefined ? null : Math.min(...stated.map((text) => (seconds(text) ?? 0) * 1000));
}

/** From the answer's own `Date` on, since the provider's clock may be wrong; from `now` where there is none. */
function untilMs(date: string | null, said: Said, now: number): number | null {
  if (date === null) return null;
  // `Expires: 0` and the like mean that it has expired.
  return (httpDate(date) ?? -Infinity) - (httpDate(said('date') ?? '') ?? now);
}

const seconds = (text: string | undefined | null): number | null =>
  /^\s*\d{1,15}\s*$/.test(text ?? '') ? Number(text) : null;

const bounded = (ms: number): number => Math.max(0, Math.min(ms, askedWaitMsMax));

/** The three forms of RFC 9110, 5.6.7, all of them UTC. */
const dateForms = [
  /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

function httpDate(text: string): number | null {
  if (!dateForms.some((form) => form.test(text))) return null;
  const instant = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(instant) ? null : instant;
}
