// The zones of an event as they are kept: every feed may say hundreds of them again with one seat less, so they are
// written once per content, short and deflated.

import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Zone } from './event.ts';

type ZoneRow = [zoneId: string, name: string, capacity: number, price: number, numbered: boolean];

export interface PackedZones {
  /** Of the content: 128 bits of its SHA-256, in hex. */
  readonly hash: string;
  readonly deflated: Uint8Array;
}

export function packZones(zones: readonly Zone[]): PackedZones {
  const rows = zones.map((zone): ZoneRow => [
    zone.zoneId,
    zone.name,
    zone.capacity,
    zone.price,
    zone.numbered,
  ]);
  const text = JSON.stringify(rows);
  // Of just its length: what zlib gives lies in a larger buffer, all of which would travel with it.
  const deflated = new Uint8Array(deflateRawSync(text, { level: 1 }));
  return { hash: hash('sha256', text, 'hex').slice(0, 32), deflated };
}

/** Throws when the bytes were not made by `packZones`. */
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
