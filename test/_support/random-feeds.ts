// A random provider: bases appear, change, go offline, vanish and return; plans are duplicated; records are malformed.

import {
  escaped,
  feedOf,
  record,
  type Dialect,
  type FeedBase,
  type FeedPlan,
  type FeedZone,
} from './feeds.ts';
import type { Said } from './oracle.ts';
import type { Random } from './random.ts';

export interface RandomFeed {
  readonly text: string;
  /** The readable part of it. */
  readonly said: readonly Said[];
}

export interface RandomProvider {
  /** Its next feed. */
  next(): RandomFeed;
}

interface Piece {
  readonly text: string;
  readonly said: Said | null;
  /** Its end tag is missing: another record must follow it. */
  readonly unclosed?: boolean;
}

/** `bases`: approximately how many it has. */
export function createRandomProvider(random: Random, dialect: Dialect, bases: number): RandomProvider {
  let listed = Array.from({ length: bases }, (_, i) => randomBase(random, `${i}`));
  const vanished: FeedBase[] = [];
  /** Bases that were ever in more than one record: a truncated feed is not conclusive about them. */
  const doubled = new Set<string>();

  function live(): void {
    listed = listed.map((base) => (random.chance(0.3) ? changed(random, base) : base));
    if (listed.length > 0 && random.chance(0.6))
      vanished.push(...listed.splice(random.int(0, listed.length - 1), random.int(1, 3)));
    if (vanished.length > 0 && random.chance(0.5)) listed.push(...vanished.splice(0, random.int(1, 2)));
    if (random.chance(0.5)) listed.push(randomBase(random, `${random.int(0, 10 * bases)}+`));
    if (random.chance(0.5)) listed = random.shuffled(listed);
  }

  /** When a base comes twice, the first record is unchanged and the last is changed; both are on sale or neither is. */
  function pieces(cut: boolean): Piece[] {
    const told = cut ? listed.filter(({ id }) => !doubled.has(id)) : listed;
    const list = told.flatMap((base): Piece[] => {
      if (random.chance(0.05)) return [brokenPiece(random, dialect, base)];
      if (cut || random.chance(0.9)) return [goodPiece(random, dialect, base)];
      doubled.add(base.id);
      const news = { ...changed(random, base), sellMode: base.sellMode };
      listed = listed.map((one) => (one === base ? news : one));
      return [goodPiece(random, dialect, base), goodPiece(random, dialect, news)];
    });
    return list.at(-1)?.unclosed === true ? list.slice(0, -1) : list;
  }

  return {
    next() {
      live();
      const cut = random.chance(0.2);
      const parts = pieces(cut);
      const text = feedOf(
        parts.map((piece) => piece.text),
        dialect,
      );
      if (!cut) return { text, said: parts.flatMap((piece) => piece.said ?? []) };
      const to = random.int(1, text.length - 1);
      const whole: Said[] = [];
      let from = 0;
      for (const piece of parts) {
        from = text.indexOf(piece.text, from) + piece.text.length;
        if (piece.said !== null && from <= to) whole.push(piece.said);
      }
      return { text: text.slice(0, to), said: whole };
    },
  };
}

function goodPiece(random: Random, dialect: Dialect, base: FeedBase): Piece {
  const plans = base.plans.flatMap((plan): { plan: FeedPlan; good: boolean }[] => {
    const good = { plan, good: true };
    if (random.chance(0.05)) return [{ plan: brokenPlan(random, plan), good: false }];
    if (random.chance(0.05)) return random.shuffled([good, { plan: brokenPlan(random, plan), good: false }]);
    return random.chance(0.05) ? [{ plan: changedPlan(random, plan), good: true }, good] : [good];
  });
  const whole = { ...base, plans: plans.map(({ plan }) => plan) };
  const readable = plans.filter(({ good }) => good).map(({ plan }) => plan);
  return { text: record(whole, dialect, (text) => escapedSomehow(random, text)), said: { base, readable } };
}

function brokenPiece(random: Random, dialect: Dialect, base: FeedBase): Piece {
  const good = record({ ...base, title: 'Broken' }, dialect);
  const end = good.slice(good.lastIndexOf('</'));
  const texts: [text: string, unclosed?: boolean][] = [
    [good.replace(' title="Broken"', ' title="A & B"')],
    [good.replace(' title="Broken"', ' title="A < B"')],
    [good.replace(' title="Broken"', '')],
    [good.replace(' title="Broken"', ' title="Broken" title="Twice"')],
    [good.replace(' title="Broken"', ' title="\u0001"')],
    [good.replace(' title="Broken"', ` title="${'too long '.repeat(200)}"`)],
    [good.replace(/sell_mode="\w+"/, 'sell_mode="perhaps"')],
    [good.replace(/ base_\w+_id="[^"]*"/, '')],
    [good.replace(/ base_\w+_id="[^"]*"/, (id) => id.replace(/"[^"]*"/, '""'))],
    [good.replace(end, `<unclosed>${end}`)],
    [good.replace(end, `</unopened>${end}`)],
    [good.replace(end, ''), true],
  ];
  const [text, unclosed = false] = random.pick(texts);
  return { text, said: null, unclosed };
}

function brokenPlan(random: Random, plan: FeedPlan): FeedPlan {
  const zone: FeedZone = { id: '1', capacity: '1', price: '10' };
  const pricedAt = (price: string): FeedPlan => ({ ...plan, zones: [zone, { ...zone, price }] });
  return random.pick([
    { ...plan, start: '2021-09-31T20:00:00' },
    { ...plan, end: '2023-02-29T20:00:00' },
    { ...plan, start: '2021-06-30T24:00:01' },
    { ...plan, start: '30/06/2021 20:00' },
    { ...plan, end: '2021-06-30T20:00:00+99:00' },
    { ...plan, start: '' },
    { ...plan, start: '9000-01-01T00:00:00', end: '8999-12-31T23:59:59' },
    { ...plan, id: '' },
    { ...plan, end: '2021-W26-3T21:00:00' },
    ...['1e3', '-5', '1.234,50', '', '5.123', 'NaN'].map(pricedAt),
  ]);
}

export function randomBase(random: Random, id: string): FeedBase {
  const plans = Array.from({ length: random.int(0, 3) }, () => randomPlan(random, randomId(random)));
  return {
    id,
    title: randomTitle(random),
    sellMode: random.chance(0.8) ? 'online' : 'offline',
    plans: distinct(plans),
  };
}

export function changed(random: Random, base: FeedBase): FeedBase {
  const plans = base.plans.map((plan) => (random.chance(0.5) ? changedPlan(random, plan) : plan));
  return random.pick([
    { ...base, title: randomTitle(random) },
    { ...base, sellMode: base.sellMode === 'online' ? 'offline' : 'online' },
    {
      ...base,
      sellMode: base.sellMode === 'online' ? 'offline' : 'online',
      title: randomTitle(random),
      plans,
    },
    { ...base, plans },
    { ...base, plans: plans.slice(1) },
    { ...base, plans: distinct([...plans, randomPlan(random, randomId(random))]) },
  ]);
}

const changedPlan = (random: Random, plan: FeedPlan): FeedPlan =>
  random.pick([{ ...plan, zones: randomZones(random) }, randomPlan(random, plan.id)]);

const distinct = (plans: readonly FeedPlan[]): FeedPlan[] => [
  ...new Map(plans.map((plan) => [plan.id, plan])).values(),
];

/** A few ids, so that bases share them, and unusual ones. */
const randomId = (random: Random): string =>
  random.chance(0.8)
    ? String(random.int(1640, 1645))
    : random.pick(['0042', '42', '1e3', '__proto__', 'a"b', 'é', '0']);

/** Nights with a daylight saving change somewhere, and the ends of the calendar. */
const nights = [
  '2021-03-14', '2021-11-07', '2021-03-28', '2021-10-31', '2021-04-04', '2021-10-03', '2020-02-29', '2021-12-31',
  '1969-12-31', '1970-01-01', '1900-01-01', '0001-01-01', '9999-12-31', '2011-12-30',
]; // prettier-ignore

function randomPlan(random: Random, id: string): FeedPlan {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = random.chance(0.3)
    ? random.pick(nights)
    : `202${random.int(0, 2)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const clock = (hour: number): string =>
    `${two(hour)}:${random.pick(['00', '15', '30', '59'])}:${random.pick(['00', '00', '01', '59'])}`;
  const hour = random.int(0, 23);
  const start = `${day}T${clock(hour)}`;
  if (random.chance(0.1)) return { id, start, end: start, zones: randomZones(random) };
  if (random.chance(0.1))
    return { id, start, end: `${day.slice(0, 4)}-12-31T23:59:59`, zones: randomZones(random) };
  // Sometimes before the start, by the wall clock or only as an instant.
  return {
    id,
    start,
    end: `${day}T${clock(random.int(Math.max(0, hour - 1), 23))}`,
    zones: randomZones(random),
  };
}

const randomZones = (random: Random): FeedZone[] =>
  Array.from({ length: random.pick([0, 1, 1, 2, 5]) }, (_, i) => ({
    id: String(random.int(1, i + 1)),
    capacity: String(random.pick([0, 0, 1, 100])),
    price: random.pick(['0', '15', '15.5', '15.50', '15.05', '20.00', '0.10', '0.3', '1234567.89', '29.990']),
  }));

const randomTitle = (random: Random): string =>
  random.pick([
    'The Night Tram',
    'Rosa & Sons',
    'a < b > c',
    '"quoted"',
    "l'été",
    '&amp;lt;',
    '🎭 drama',
    'שלום',
    '0042',
  ]) +
  random.pick([
    '',
    '',
    ` ${random.int(1, 99)}`,
    '\u2028.',
    '\t.',
    '\\n',
    ' ]]>',
    '\u00a0.',
    '\u0085.',
    ' &#65;',
  ]);

function escapedSomehow(random: Random, text: string): string {
  if (random.chance(0.7)) return escaped(text);
  const reference = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    return random.chance(0.5) ? `&#${code};` : `&#x${code.toString(16)};`;
  };
  return Array.from(text, (character) =>
    random.chance(0.5) ? reference(character) : escaped(character),
  ).join('');
}
