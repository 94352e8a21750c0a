// How long a response stays fresh (RFC 9111, 4.2), and how long a refusal asks to wait. All durations are at most an hour; the
// schedule limits them further by the provider's own interval.

import { askedWaitMsMax } from '#/provider/schedule.ts';

/** A header by its lower-case name, with several values joined by commas; null when it was not sent. */
export type HeaderLookup = (name: string) => string | null;

/** For a `Retry-After` that cannot be parsed. */
const unclearWaitMs = 60_000;

/** Milliseconds; null when the response does not say, or must be revalidated each time. `now`: since 1970. */
export function freshForMs(header: HeaderLookup, now: number): number | null {
  const directives = directivesOf(header('cache-control') ?? '');
  if (directives.has('no-cache') || directives.has('no-store')) return null;
  const ageMs = (seconds(header('age')?.split(',')[0]) ?? 0) * 1000;
  const statedMs = lifetimeMs(directives) ?? untilMs(header('expires'), header, now);
  return statedMs === null ? null : bounded(statedMs - ageMs);
}

/** The wait of `Retry-After` in milliseconds, from seconds or from a date by the provider's clock; null without it. */
export function retryAfterMs(header: HeaderLookup, now: number): number | null {
  const text = header('retry-after');
  if (text === null) return null;
  const asked = seconds(text);
  if (asked !== null) return bounded(asked * 1000);
  return httpDate(text) === null ? unclearWaitMs : bounded(untilMs(text, header, now) ?? 0);
}

/** The arguments of each directive, by its name in lower case; empty for a directive without an argument. */
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

/** Marquee serves many clients, as a shared cache does, so `s-maxage` takes precedence over `max-age`. */
function lifetimeMs(directives: ReadonlyMap<string, readonly string[]>): number | null {
  const stated = directives.get('s-maxage') ?? directives.get('max-age');
  // An invalid value counts as stale, and of several the smallest counts (RFC 9111, 4.2.1).
  return stated === undefined ? null : Math.min(...stated.map((text) => (seconds(text) ?? 0) * 1000));
}

/** Measured from the response's own `Date`, since the provider's clock may be wrong; from `now` without one. */
function untilMs(date: string | null, header: HeaderLookup, now: number): number | null {
  if (date === null) return null;
  // An invalid date such as `Expires: 0` means that the response is stale.
  return (httpDate(date) ?? -Infinity) - (httpDate(header('date') ?? '') ?? now);
}

const seconds = (text: string | undefined | null): number | null =>
  /^\s*\d{1,15}\s*$/.test(text ?? '') ? Number(text) : null;

const bounded = (ms: number): number => Math.max(0, Math.min(ms, askedWaitMsMax));

/** The three date formats of RFC 9110, 5.6.7, all in UTC. */
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
