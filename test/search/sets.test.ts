// The sets of places and what is kept of them, each against a simpler way.

import test from 'ava';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import type { EventFilter } from '#/search/events/query.ts';
import { countMatches } from '#/search/events/counts.ts';
import { titleMatches } from '#/search/events/titles.ts';
import { createKept } from '#/search/sets/kept.ts';
import { createKeptTwice } from '#/search/sets/kept-twice.ts';
import {
  countBetween,
  hasPlace,
  intersection,
  nextIn,
  placesWhere,
  previousIn,
  type PlaceSet,
} from '#/search/sets/place-set.ts';
import { countInRange, countMeeting, meets, placeBehind, sortPrices } from '#/search/sets/prices.ts';
import { wordsIn } from '#/search/sets/words.ts';
import { none } from '#/snapshot/details.ts';
import { fold, wordsOf } from '#/kit/words.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { seededFor, type Random } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

interface Listed {
  readonly list: readonly number[];
  readonly set: PlaceSet;
}

test('a set of places counts, steps and intersects as a list of numbers', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 60; round++) {
    const places = random.pick([1, 31, 32, 33, 64, random.int(1, 500)]);
    const listed = (): Listed => {
      const share = random.pick([0, 0.02, 0.5, 0.98, 1]);
      const list = Array.from({ length: places }, (_, i) => i).filter(() => random.chance(share));
      return { list, set: placesWhere(places, (place) => list.includes(place)) };
    };
    const [a, b] = [listed(), listed()];
    t.is(a.set.count, a.list.length);
    const both = intersection(a.set, b.set);
    const wanted = a.list.filter((place) => b.list.includes(place));
    t.is(both.count, wanted.length);
    if (both.count > 0 && both.bits !== null) {
      const members = Array.from({ length: places }, (_, i) => i).filter((place) => hasPlace(both, place));
      t.deepEqual(members, wanted);
    }
    if (a.set.count === 0 || a.set.bits === null) continue;
    const { bits } = a.set;
    for (let i = 0; i < 20; i++) {
      const from = random.int(0, places);
      const to = random.int(from, places);
      const between = a.list.filter((place) => place >= from && place < to);
      t.is(countBetween(a.set, from, to), between.length, `${from} to ${to} of ${a.list.join()}`);
      t.is(nextIn(bits, from, to), between[0] ?? to);
      t.is(previousIn(bits, to - 1, from), between.at(-1) ?? from - 1);
    }
  }
});

/** What Unicode makes of a text as a whole; `fold` looks at one character at a time. */
const foldedAsAWhole = (text: string): string =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll('ς', 'σ');

test('characters are folded as in their text, whatever stands next to them', (t) => {
  const random = seededFor(t);
  const special = Array.from('\u0345\u0301\u0308AaZ #ßıİǅΣςσﬁŉᾳᾼ각힣Å𝐀𞤀');
  for (let i = 0; i < 1000; i++) {
    const characters = Array.from({ length: random.int(1, 8) }, () =>
      random.chance(0.5)
        ? random.pick(special)
        : String.fromCodePoint(random.int(0xa0, random.pick([0x24f, 0x1fff, 0xd7ff]))),
    );
    const text = characters.join('');
    if (fold(text) !== foldedAsAWhole(text)) t.is(fold(text), foldedAsAWhole(text), JSON.stringify(text));
  }
  t.is(fold('ΟΔΟΣ Straße Ｏper'), 'οδοσ strasse oper');
});

/** Titles of few and of rare words, in several scripts. */
function withTitles(random: Random, size: number): Edition {
  const words = [
    'Night',
    'nightly',
    'l’été',
    'Straße',
    '日本',
    '12',
    '120',
    'ÅNGSTRÖM',
    '🎭',
    'Abc-def',
    'σς',
  ];
  const events = randomEvents(random, { events: size, ...year }).map((event, i) => ({
    ...event,
    title: Array.from({ length: random.int(0, 6) }, () =>
      random.chance(0.1) ? `w${i}x` : random.pick(words),
    ).join(random.pick([' ', ', ', '-'])),
  }));
  return editionOf(viewOf(events, 200))!;
}

test('the index of words finds the titles that a look at each finds', (t) => {
  const random = seededFor(t);
  const pool = [
    'n',
    'night',
    'nightl',
    'nightlyx',
    'ete',
    'l',
    'strasse',
    'strass',
    '日',
    '日本',
    '1',
    '12',
    '121',
    'w1',
    'w22x',
  ];
  pool.push('angstrom', 'def', 'bc', 'abc', 'zz', 'σσ', 'nightlynightly');
  let found = 0;
  for (let round = 0; round < 6; round++) {
    const edition = withTitles(random, random.int(1, 800));
    for (let i = 0; i < 25; i++) {
      const words = wordsOf(Array.from({ length: random.int(1, 3) }, () => random.pick(pool)).join(' '));
      const sets = wordsIn(edition, words);
      const indexes = sets.indexes();
      edition.segments.forEach((segment, index) => {
        const wanted = titleMatches(segment, words);
        const { titleRanks } = segment.details;
        const places = Array.from(titleRanks, (_, place) => place).filter(
          (place) => wanted[titleRanks[place]!] === 1,
        );
        const set = sets.of(index);
        t.true(set.count === 0 || indexes.includes(index), `${words.join(' ')} in ${index}`);
        const seen =
          set.count === 0
            ? []
            : Array.from(titleRanks, (_, place) => place).filter((place) => hasPlace(set, place));
        t.is(set.count, places.length);
        t.deepEqual(seen, places, words.join(' '));
        found += places.length;
      });
    }
  }
  t.true(found > 300, `only ${found} found`);
});

test('prices that are sorted are counted as one by one', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 100; round++) {
    const events = randomEvents(random, { events: random.int(1, 300), ...year });
    const edition = editionOf(viewOf(events, 4096))!;
    for (const segment of edition.segments) {
      const set = placesWhere(segment.events, () => random.chance(round % 2 === 0 ? 0.5 : 1));
      const { minPrices, maxPrices } = segment.details;
      const edge = (): number =>
        Math.min(random.pick([...minPrices, ...maxPrices]) + random.pick([-1, 0, 0, 1]), none - 1);
      const [least = 0, most = 0] = [edge(), edge()].toSorted((a, b) => a - b);
      const range = { least, most: random.chance(0.2) ? none - 1 : most };
      const wanted = Array.from(minPrices, (_, place) => place).filter(
        (place) =>
          set.count > 0 && hasPlace(set, place) && meets(range, minPrices[place]!, maxPrices[place]!),
      );
      if (set.count === 0) continue;
      t.is(countInRange(sortPrices(segment, set), range), wanted.length);
      const from = random.int(0, segment.events);
      const to = random.int(from, segment.events);
      const between = wanted.filter((place) => place >= from && place < to);
      t.is(countMeeting(segment.details, set, range, from, to), between.length);
      const skipped = random.int(0, between.length + 2);
      // The place behind the last one skipped; any place before the next one serves as well.
      const behind = placeBehind(segment.details, set, range, skipped, from, to);
      t.deepEqual(
        between.filter((place) => place >= behind),
        between.slice(skipped),
      );
      t.true(behind >= from && behind <= to);
    }
  }
});

test('what is kept stays within its bytes, and is derived again', (t) => {
  const random = seededFor(t);
  const edition = editionOf(viewOf(randomEvents(random, { events: 500, ...year }), 100))!;
  const kept = createKept<number[]>(({ length }) => length, 100);
  let derived = 0;
  for (let round = 0; round < 2000; round++) {
    const name = String(random.int(0, 9));
    const named = kept.named(name, edition, (segment) => {
      derived++;
      return Array<number>(random.int(1, 20)).fill(segment.events * 10 + Number(name));
    });
    const at = random.int(0, edition.segments.length - 1);
    const known = named.kept(at) !== undefined;
    const before = derived;
    t.is(named.of(at)[0], edition.segments[at]!.events * 10 + Number(name));
    t.is(derived, known ? before : before + 1);
    // One value may be added to what fits.
    t.true(kept.bytes <= 120, String(kept.bytes));
  }
  t.true(derived > 500, `${derived} derived`);
});

test('what is kept from its second use on is derived twice, and right each time', (t) => {
  const random = seededFor(t);
  const edition = editionOf(viewOf(randomEvents(random, { events: 300, ...year }), 50))!;
  const kept = createKeptTwice<string>(({ length }) => length, 100_000);
  let derived = 0;
  const read = (name: string, at: number): string =>
    kept
      .named(name, edition, (_, index) => {
        derived++;
        return `${name} ${index}`;
      })
      .of(at);
  for (const name of ['a', 'b', 'a', 'b', 'a', 'b']) {
    const at = random.int(0, edition.segments.length - 1);
    for (const index of [at, 0, at]) t.is(read(name, index), `${name} ${index}`);
  }
  const before = derived;
  for (const name of ['a', 'b']) t.is(read(name, 0), `${name} 0`);
  t.is(derived, before);
  // Those of one query share what they derive.
  for (let i = 0; i < 3; i++) t.is(read('c', 1), 'c 1');
  t.is(derived, before + 1);
});

test('an edition without events has no counts', (t) => {
  const empty: Edition = { version: 1, tag: 0, events: 0, segments: [], published: null };
  const filter: EventFilter = {
    range: { start: -Infinity, end: Infinity },
    match: 'within',
    provider: 'fever',
    sellMode: null,
    status: null,
    minPrice: 5,
    maxPrice: null,
    available: true,
    words: ['a'],
  };
  t.is(countMatches(empty, filter).total, 0);
});
