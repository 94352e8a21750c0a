// The stored form of the zones of an event.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import type { Zone } from '#/domain/event.ts';
import { deflateZones, inflateZones, zoneSetOf, zonesIn } from '#/domain/zones.ts';
import { isLong } from '../_support/long.ts';

const zonesOf = (count: number): Zone[] =>
  Array.from({ length: count }, (_, i) => ({
    zoneId: `${i}`,
    name: `Grädda ${i} 🎭`,
    capacity: 7 * i,
    price: 100 * i,
    numbered: i % 2 === 0,
  }));

test('zones are read back unchanged, stored or deflated', (t) => {
  for (const count of [0, 1, 20, 30, 40, 3000]) {
    const { text } = zoneSetOf(zonesOf(count));
    const kept = deflateZones(text);
    t.deepEqual(inflateZones(kept), zonesOf(count));
    t.deepEqual(zonesIn(text), zonesOf(count));
    if (count >= 40) t.true(kept.length < text.length / 2, `${count} zones`);
  }
});

test('one hash per content', (t) => {
  t.is(zoneSetOf(zonesOf(3)).hash, zoneSetOf(zonesOf(3)).hash);
  t.not(zoneSetOf(zonesOf(3)).hash, zoneSetOf(zonesOf(4)).hash);
});

// A zlib stream that is created while its thread is terminated for its memory aborts the whole process.
test('a thread that is out of memory while it stores zones ends alone', async (t) => {
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  for (let i = 0; i < (isLong ? 20 : 3); i++) {
    const worker = new Worker(new URL('_zone-hoarder.ts', import.meta.url), { resourceLimits });
    const [error] = (await once(worker, 'error')) as [NodeJS.ErrnoException];
    t.is(error.code, 'ERR_WORKER_OUT_OF_MEMORY');
  }
});
