// The zones of an event as they are kept: every feed may say hundreds of them again with one seat less, so they are
// written once per content, short and deflated.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Zone } from './event.ts';

type ZoneRow = [zoneId: string, name: string, capacity: number, price: number, numbered: boolean];

export function deflateZones(zones: readonly Zone[]): Uint8Array {
  const rows = zones.map((zone): ZoneRow => [
    zone.zoneId,
    zone.name,
    zone.capacity,
    zone.price,
    zone.numbered,
  ]);
  return deflateRawSync(JSON.stringify(rows), { level: 1 });
}

/** Throws when the bytes were not written by `deflateZones`. */
export function inflateZones(bytes: Uint8Array): Zone[] {
  const rows = JSON.parse(inflateRawSync(bytes).toString()) as ZoneRow[];
  return rows.map(([zoneId, name, capacity, price, numbered]) => ({
    zoneId,
    name,
    capacity,
    price,
    numbered,
  }));
}
