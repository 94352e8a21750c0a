// A thread that stores zones until it is out of memory.

import { zoneSetOf } from '#/domain/zones.ts';

const kept: unknown[] = [];
for (let i = 0; ; i++) {
  kept.push(zoneSetOf([{ zoneId: `${i}`, name: 'Stalls', capacity: i, price: 2000, numbered: true }]));
}
