// Packed records are the parsed records again, whatever their texts; and what a thread receives is the same.

import test from 'ava';
import { eventId } from '#/domain/identity.ts';
import { observationCount, observationsOf, packRecords, unpackAll } from '#/domain/packed/records.ts';
import { factsText } from '#/domain/packed/facts.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import { zoneSetOf } from '#/domain/zones.ts';
import { randomOf, type Random } from '../../_support/random.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const texts = ['', 'A', 'Zoë "the" \\ night', '🎭🎭', 'a\u0000b', 'line\nbreak', '日本', '[1,2]'];

function randomRecord(random: Random, number: number): ParsedRecord {
  const baseId = `${random.pick(texts)}${number}`;
  const observations = Array.from({ length: random.int(0, 3) }, (_, i) => {
    const planId = `${random.pick(texts)}${i}`;
    const zone = {
      zoneId: null,
      name: random.pick(texts),
      capacity: random.int(0, 9),
      price: 1,
      numbered: null,
    };
    const set = zoneSetOf(random.chance(0.8) ? [zone] : []);
    const start = random.int(-1e9, 1e9) * 1000;
    const facts = {
      title: random.pick(texts),
      sellMode: random.chance(0.5) ? ('online' as const) : ('offline' as const),
      organizerCompanyId: random.chance(0.5) ? null : random.pick(texts),
      startLocal: '2026-06-01T20:00:00',
      endLocal: '2026-06-01T21:00:00',
      start,
      end: start + random.int(0, 1e6),
      sellFrom: null,
      sellTo: '2026-06-01T20:00:00',
      soldOut: random.chance(0.5) ? null : random.chance(0.5),
      minPrice: random.chance(0.2) ? null : random.int(0, 1e6),
      maxPrice: null,
      zonesHash: set.hash,
    };
    return { id: eventId('p', baseId, planId), baseId, planId, facts, zonesText: set.text };
  });
  const isFaulty = random.chance(0.2);
  const place = { offset: number, line: 1, column: 2 };
  const refusal = { code: 'date_impossible', message: random.pick(texts) };
  return {
    key: isFaulty && random.chance(0.5) ? null : baseId,
    observations,
    faults: isFaulty ? [{ refusal, baseId: null, planId: null, place }] : [],
    remarks: [],
    irregularClocks: random.chance(0.1) ? 1 : 0,
    duplicates: random.chance(0.1) ? 2 : 0,
  };
}

test('packed records are unpacked to the same records, also in another thread', (t) => {
  t.log(`SEED=${seed}`);
  const random = randomOf(seed);
  for (let round = 0; round < 50; round++) {
    const pieces = Array.from({ length: random.int(0, 20) }, (_, i) =>
      Array.from({ length: random.chance(0.9) ? 1 : random.int(0, 3) }, (__, j) =>
        randomRecord(random, i * 10 + j),
      ),
    );
    const packed = structuredClone(packRecords(pieces));
    t.deepEqual(unpackAll(packed), pieces.flat());
    t.deepEqual(
      [...packed.perPiece],
      pieces.map(({ length }) => length),
    );
    for (const [i, { observations }] of pieces.flat().entries()) {
      t.is(observationCount(packed, i), observations.length);
      const views = observationsOf(packed, i);
      t.deepEqual(
        views.map(({ id, isOnline, start, factsText: text }) => ({ id, isOnline, start, text })),
        observations.map(({ id, facts }) => ({
          id,
          isOnline: facts.sellMode === 'online',
          start: facts.start,
          text: factsText(facts),
        })),
      );
    }
  }
});
