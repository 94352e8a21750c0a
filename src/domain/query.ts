// Parses the raw query string into the range of a search, or into the reason for a refusal.

import { nanosecondsCut, parseInstant, type Bound } from './time/instant.ts';
import { parsePlainQuery } from './plain-query.ts';
import type { Range } from './range.ts';
import { isRefusal, refuse, type Refusal } from './refusal.ts';

export const boundNames = ['starts_at', 'ends_at'] as const;

/** Called with each parameter that a search does not know: its name as sent, and decoded. A refusal ends the parsing. */
export type OnUnknown = (sent: string, name: string) => Refusal | null;

const ignore: OnUnknown = () => null;

/**
 * Parses `starts_at=…&ends_at=…` (the part after `?`, still escaped). A missing parameter is an open bound; other
 * parameters are ignored, unless `onUnknown` refuses them. Refuses a repeated parameter, an invalid instant, and a range that ends before it starts.
 */
export const parseQuery = (search: string, onUnknown = ignore): Range | Refusal =>
  parsePlainQuery(search) ?? parseAnyQuery(search, onUnknown);

/** The same without the fast path for the usual forms. */
export function parseAnyQuery(search: string, onUnknown = ignore): Range | Refusal {
  let startsAt: string | undefined;
  let endsAt: string | undefined;
  for (let from = 0; from < search.length;) {
    const ampersand = search.indexOf('&', from);
    const to = ampersand < 0 ? search.length : ampersand;
    const equals = search.indexOf('=', from);
    const nameEnd = equals < 0 || equals > to ? to : equals;
    const sent = search.slice(from, nameEnd);
    const name = unescaped(sent);
    if (name === 'starts_at' || name === 'ends_at') {
      const value = unescaped(search.slice(Math.min(nameEnd + 1, to), to));
      if (value === undefined)
        return refuse('escape_invalid', `${name}: the percent-escapes are not valid UTF-8.`);
      if ((name === 'starts_at' ? startsAt : endsAt) !== undefined) {
        return refuse('parameter_repeated', `${name} is given more than once, expected at most one.`);
      }
      if (name === 'starts_at') startsAt = value;
      else endsAt = value;
    } else if (sent !== '') {
      const refusal = onUnknown(sent, name ?? sent);
      if (refusal !== null) return refusal;
    }
    from = to + 1;
  }
  return rangeOf(startsAt, endsAt);
}

/** Reads one bound of a range. */
export type ReadBound = (text: string, side: Bound) => number | Refusal;

/**
 * The range of two bounds as text, unescaped; undefined is an open bound. `read` decides what a bound without an offset means.
 */
export function rangeOf(
  startsAt: string | undefined,
  endsAt: string | undefined,
  read: ReadBound = parseInstant,
): Range | Refusal {
  const start = startsAt === undefined ? -Infinity : bound('starts_at', startsAt, 'start', read);
  if (isRefusal(start)) return start;
  const end = endsAt === undefined ? Infinity : bound('ends_at', endsAt, 'end', read);
  if (isRefusal(end)) return end;
  if (start === end + 1 && isBetweenMilliseconds(startsAt, endsAt)) {
    // No event starts or ends here: events have whole seconds, and at least one of these two milliseconds is not a whole second.
    const empty = end % 1000 === 0 ? start : end;
    return { start: empty, end: empty };
  }
  if (start > end)
    return refuse('range_reversed', 'Got starts_at after ends_at, expected starts_at at or before ends_at.');
  return { start, end };
}

/** Both bounds lie in order within one millisecond. Rounded towards the inside of the range, they seem reversed. */
function isBetweenMilliseconds(startsAt = '', endsAt = ''): boolean {
  const cut = nanosecondsCut(startsAt, 'start');
  return cut > 0 && cut <= nanosecondsCut(endsAt, 'end');
}

function bound(name: string, text: string, side: Bound, read: ReadBound): number | Refusal {
  const instant = read(text, side);
  return isRefusal(instant) ? refuse(instant.code, `${name}: ${instant.message}`) : instant;
}

/** A literal `+` stays a plus: an unescaped `+02:00` is more likely than an escaped space. */
function unescaped(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
