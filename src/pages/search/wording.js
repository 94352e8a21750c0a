// Dates, times, prices and availability as a person reads them.

const locale = 'en-GB';
const kept = new Map();

/** Formatters are slow to make: each is made once. */
function formatter(timeZone, options) {
  const key = `${timeZone} ${JSON.stringify(options)}`;
  let made = kept.get(key);
  if (made === undefined) kept.set(key, (made = new Intl.DateTimeFormat(locale, { timeZone, ...options })));
  return made;
}

const long = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
const short = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' };
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

export const dayText = (ms, timeZone) => formatter(timeZone, long).format(ms);
export const clockText = (ms, timeZone) => formatter(timeZone, clock).format(ms);
export const momentText = (ms, timeZone) => formatter(timeZone, { ...short, ...clock }).format(ms);

/** `20:00–21:30`, with the day of the end if it is another one. */
export function spanText(startsAt, endsAt, timeZone) {
  const [start, end] = [clockText(startsAt, timeZone), clockText(endsAt, timeZone)];
  if (endsAt === startsAt) return start;
  const [day, lastDay] = [startsAt, endsAt].map((ms) => formatter(timeZone, short).format(ms));
  return day === lastDay || endsAt - startsAt < 43_200_000
    ? `${start}–${end}`
    : `${start} – ${lastDay}, ${end}`;
}

export const priceOf = (amount) => (Number.isInteger(amount) ? String(amount) : amount.toFixed(2));

/** Feeds name no currency. */
export function pricesText({ min_price: least, max_price: most }) {
  if (least === null) return 'No price';
  return least === most ? priceOf(least) : `${priceOf(least)}–${priceOf(most)}`;
}

/** The text and the kind of a badge: good, warn or soft. */
export function availabilityOf({ listed, status, sell_mode: mode, sold_out: isSoldOut, capacity }) {
  if (status === 'cancelled') return ['Cancelled', 'warn'];
  if (status === 'postponed') return ['Postponed', 'warn'];
  if (!listed) return ['No longer listed', 'soft'];
  if (isSoldOut === true) return ['Sold out', 'warn'];
  if (mode === 'offline') return ['Not sold online', 'soft'];
  if (capacity === 0) return ['No places', 'warn'];
  if (capacity === null) return ['On sale', 'good'];
  return [capacity === 1 ? '1 place' : `${countText(capacity)} places`, 'good'];
}

export const countText = (count) => count.toLocaleString(locale);
export const eventsText = (count) => (count === 1 ? '1 event' : `${countText(count)} events`);

const bucketForms = {
  hour: { ...short, ...clock },
  day: short,
  week: short,
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
};

/** What a bar of the strip stands for. Its start has the offset of its zone, so the wall clock is what the text says. */
export function bucketText(startsAt, interval) {
  const wall = Date.parse(`${startsAt.slice(0, startsAt.indexOf('T') + 9)}Z`);
  const text = formatter('UTC', bucketForms[interval]).format(wall);
  return interval === 'week' ? `Week of ${text}` : text;
}

/** `max_price` as `max price`, `sell_from` as `sale from`. */
export const fieldText = (name) =>
  ({ sell_from: 'on sale from', sell_to: 'on sale to', listed: 'listed by its provider' })[name] ??
  name.replaceAll('_', ' ').replace(/\bat$/, '(UTC)');

export function valueText(value) {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value
      .map((zone) => `${zone.name ?? zone.id ?? 'zone'}: ${zone.price}, ${zone.capacity ?? 'unknown'} places`)
      .join('; ');
  return String(value);
}
