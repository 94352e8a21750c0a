// Parses the times of ISO 8601 as publishers write them: with or without seconds, an offset, or the name of a zone.
// Sources: ISO 8601-1, 5.4; RFC 9557, "Date and Time on the Internet: Timestamps with Additional Information".

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { Temporal } from './temporal.ts';
import { repairedWallClock } from './repaired-clock.ts';
import { isTimeZone, parseWallClock, type WallClock } from './wall-clock.ts';

const zoned = /^(.*?)\[!?([A-Za-z][A-Za-z0-9_+/-]{0,62})\]$/;
const offset = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * With an offset or a zone in brackets the text is an instant; `local` is then the local time at that instant in the IANA zone
 * `timeZone`. Otherwise it is a local time in `timeZone`. An offset counts more than a zone in brackets.
 */
export function parseIsoClock(text: string, timeZone: string): WallClock | Refusal {
  const match = zoned.exec(text);
  const [plain, zone] = match === null ? [text, timeZone] : [match[1] ?? '', match[2] ?? ''];
  // The plain form of a feed in one zone needs no other.
  const hasOffset = plain.length > 10 && offset.test(plain.slice(10));
  if (match !== null && !isTimeZone(zone)) return parseWallClock(text, timeZone);
  const target = hasOffset ? timeZone : zone;
  const read = /^\d{4}-\d\d-\d\d[Tt]/.test(plain) ? repairedWallClock(plain, target) : null;
  if (read === null) return parseWallClock(text, timeZone);
  if (isRefusal(read) || target === timeZone) return read;
  const there = Temporal.Instant.fromEpochMilliseconds(read.instant).toZonedDateTimeISO(timeZone);
  const local = there.toPlainDateTime().toString({ smallestUnit: 'second' });
  // A year beyond 9999 has more digits.
  if (local.length !== '2021-06-30T21:00:00'.length) return parseWallClock(text, timeZone);
  return {
    local,
    instant: read.instant,
    irregular: read.irregular,
    alternative: read.alternative,
  };
}
