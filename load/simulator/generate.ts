// Generates feeds of any size from a recipe, one record at a time, in constant memory.

import {
  feedHead,
  feedTail,
  renderRecord,
  type Dialect,
  type FeedPlan,
  type FeedRecord,
  type FeedZone,
} from './feed.ts';
import { between, mulberry32, pick, seedOf, type Random } from './random.ts';
import { completeRecipe, type Recipe } from './recipe.ts';
import { editsAt, type Edits } from './revision.ts';
import { eventTitle, zoneName } from './titles.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const chunkBytes = 65_536;

/** As in real feeds, a plan id can belong to several bases: plan ids repeat after this many bases. */
const basesPerPlanIdRound = 1_000;

/** The records of the feed, in the order of their base ids. Throws a RangeError for an invalid recipe. */
export function* generateRecords(given: Partial<Recipe> = {}): Generator<FeedRecord> {
  const recipe = completeRecipe(given);
  const days = hotDaysOf(recipe);
  for (let ordinal = 0; ordinal < recipe.bases; ordinal++) yield recordAt(recipe, days, ordinal);
}

/** The feed as UTF-8 in Buffers of about 64 KB, generated on demand. */
export function* feedChunks(dialect: Dialect, records: Iterable<FeedRecord>): Generator<Buffer> {
  let text = feedHead(dialect);
  for (const record of records) {
    text += renderRecord(dialect, record);
    if (text.length < chunkBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text + feedTail(dialect));
}

/** Offsets from the first day. They have a seed of their own, so that they are the same for every record. */
function hotDaysOf({ seed, hotDays, days }: Recipe): readonly number[] {
  const random = mulberry32(seedOf(seed, -1));
  return Array.from({ length: hotDays }, () => between(random, 0, days - 1));
}

function recordAt(recipe: Recipe, hotDays: readonly number[], ordinal: number): FeedRecord {
  const random = mulberry32(seedOf(recipe.seed, ordinal));
  const edits = editsAt(recipe, ordinal);
  const sellMode = random() < recipe.offlineShare ? 'offline' : 'online';
  const organizerCompanyId = random() < 0.7 ? { organizerCompanyId: String(between(random, 1, 40)) } : {};
  const title = eventTitle(random, ordinal + 1);
  const planIdFirst = (ordinal % basesPerPlanIdRound) * recipe.plansPerBase + 1;
  const plans = Array.from({ length: recipe.plansPerBase }, (_, place) =>
    planOf(recipe, hotDays, random, String(planIdFirst + place), place === 0 ? edits : undefined),
  );
  return { baseId: String(ordinal + 1), sellMode, ...organizerCompanyId, title, plans };
}

function planOf(
  recipe: Recipe,
  hotDays: readonly number[],
  random: Random,
  planId: string,
  edits: Edits | undefined,
): FeedPlan {
  const isHot = random() < recipe.hotDayShare && hotDays.length > 0;
  const day = isHot ? pick(random, hotDays) : between(random, 0, recipe.days - 1);
  const startMs =
    Date.parse(`${recipe.firstDay}T00:00:00Z`) + day * dayMs + between(random, 40, 92) * 15 * minuteMs;
  const isLong = random() < recipe.longShare;
  const lastsMs = isLong ? between(random, 14, 180) * dayMs : between(random, 4, 12) * 15 * minuteMs;
  const zones = Array.from({ length: recipe.zonesPerPlan }, (_, place) =>
    zoneOf(random, place + 1, place === 0 ? edits : undefined),
  );
  return {
    planId,
    start: wallClock(startMs),
    end: wallClock(startMs + lastsMs + (edits?.minutesLater ?? 0) * minuteMs),
    sellFrom: wallClock(startMs - 90 * dayMs),
    sellTo: wallClock(startMs - 10 * minuteMs),
    soldOut: zones.length > 0 && zones.every((zone) => zone.capacity === 0),
    zones,
  };
}

/** One zone in ten has no seats left, except the first zone, whose seats the revisions sell. */
function zoneOf(random: Random, ordinal: number, edits: Edits | undefined): FeedZone {
  const seats = between(random, 60, 400);
  const isEmpty = random() < 0.1 && ordinal > 1;
  const cents = between(random, 20, 400) * 50 + (edits?.centsDearer ?? 0);
  return {
    zoneId: String(ordinal),
    capacity: isEmpty ? 0 : seats - (edits?.seatsSold ?? 0),
    price: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    name: zoneName(random, ordinal),
    numbered: random() < 0.5,
  };
}

/** The wall clock of a provider, computed as UTC: without daylight saving. */
const wallClock = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
