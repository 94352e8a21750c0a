// Dates of a time zone: presets, whose bounds move with the time, and the instants of local times.

const dayMs = 86_400_000;
const textOf = (ms) => new Date(ms).toISOString().slice(0, 10);
const dayOf = (date) => Date.parse(`${date}T00:00:00Z`);

/** The date at this instant, as YYYY-MM-DD. */
export const dateIn = (timeZone, ms) => textOf(ms + offsetAt(ms, timeZone));

/** The first and the last date of a preset, as far as it has them; null for an unknown one. `today`: as YYYY-MM-DD. */
export function boundsOf(period, today) {
  const now = dayOf(today);
  const at = (days) => textOf(now + days * dayMs);
  const [year, month] = today.split('-').map(Number);
  const monthOf = (ahead) => ({
    starts_at: textOf(Date.UTC(year, month - 1 + ahead, 1)),
    ends_at: textOf(Date.UTC(year, month + ahead, 0)),
  });
  // Monday is 0.
  const weekday = (new Date(now).getUTCDay() + 6) % 7;
  switch (period) {
    case 'today':
      return { starts_at: today, ends_at: today };
    case 'tomorrow':
      return { starts_at: at(1), ends_at: at(1) };
    case 'weekend':
      return { starts_at: at(Math.max(0, 5 - weekday)), ends_at: at(6 - weekday) };
    case '7-days':
      return { starts_at: today, ends_at: at(6) };
    case '30-days':
      return { starts_at: today, ends_at: at(29) };
    case 'month':
      return monthOf(0);
    case 'next-month':
      return monthOf(1);
    case 'upcoming':
      return { starts_at: today };
    case 'past':
      return { ends_at: at(-1) };
    default:
      return null;
  }
}

/** The state with the bounds of its preset, at this instant. */
export function resolved(state, nowMs) {
  if (state.period === undefined) return state;
  const bounds = boundsOf(state.period, dateIn(zoneOf(state), nowMs));
  return bounds === null ? state : { ...state, starts_at: undefined, ends_at: undefined, ...bounds };
}

const zones = new Map();

/** The time zone of the state, or that of the browser. An unknown one counts as UTC: the host refuses it with a message. */
export function zoneOf({ tz = '' }) {
  let zone = zones.get(tz);
  if (zone === undefined) zones.set(tz, (zone = resolvedZone(tz)));
  return zone;
}

/** Whether the time zone of the browser is known at once. The first formatter of a page takes some 50 ms to make. */
export const isZoneAtHand = globalThis.Temporal !== undefined;

function resolvedZone(tz) {
  if (tz === '' && isZoneAtHand) return globalThis.Temporal.Now.timeZoneId();
  try {
    return Intl.DateTimeFormat('en', tz === '' ? {} : { timeZone: tz }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** A bound as an instant in UTC, for /search, which has no time zones. A date alone is the whole day in the zone. */
export function utcOf(text, isEnd, timeZone) {
  if (/(?:z|[-+]\d\d:\d\d)$/i.test(text) && text.length > 10) return text;
  const wall = text.length > 10 ? Date.parse(`${text}Z`) : dayOf(text) + (isEnd ? dayMs - 1000 : 0);
  if (Number.isNaN(wall)) return text;
  let instant = wall;
  for (let i = 0; i < 2; i++) instant = wall - offsetAt(instant, timeZone);
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

const clocks = new Map();

/** Formatters are slow to make: one is made for each zone. */
function clockOf(timeZone) {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** How far the clocks of the zone are ahead of UTC, in milliseconds. */
function offsetAt(ms, timeZone) {
  const [month, day, year, hour, minute, second] = clockOf(timeZone)
    .formatToParts(ms)
    .filter(({ type }) => type !== 'literal')
    .map(({ value }) => Number(value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
