// The zones of an event as they are stored. Feeds repeat hundreds of zones with one seat less, so each distinct content
// is stored once, as short JSON, deflated when it is long.

import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { storedBlock } from '#/kit/deflate-block.ts';
import type { Zone } from './event.ts';

type ZoneRow = [
  zoneId: string | null,
  name: string | null,
  capacity: number | null,
  price: number,
  numbered: boolean | null,
];

export interface ZoneSet {
  /** Of the content: 128 bits of its SHA-256, in hex. */
  readonly hash: string;
  /** A JSON array of rows. */
  readonly text: string;
}

/** Below this, deflating costs more time than its saved bytes are worth. */
const deflatedMin = 1024;

/** Does not use zlib: a parser thread terminated over its memory limit while creating a zlib stream crashes the process. */
export function zoneSetOf(zones: readonly Zone[]): ZoneSet {
  const rows = zones.map((zone): ZoneRow => [
    zone.zoneId,
    zone.name,
    zone.capacity,
    zone.price,
    zone.numbered,
  ]);
  const text = JSON.stringify(rows);
  return { hash: hash('sha256', text, 'hex').slice(0, 32), text };
}

/** The text of a set as a raw deflate stream; a short text as a stored block. */
export function deflateZones(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length >= deflatedMin) return deflateRawSync(bytes, { level: 1 });
  return storedBlock(bytes, true);
}

/** Whether a text is worth deflating: in UTF-8 it has at least one byte for each UTF-16 unit. */
export const isLongZones = (text: unknown): boolean => typeof text === 'string' && text.length >= deflatedMin;

/** A long text as a raw deflate stream; a short one, or null, as it is. SQLite keeps either in one column. */
export const deflateLongZones = (text: unknown): string | Uint8Array | null =>
  typeof text !== 'string' ? null : isLongZones(text) ? deflateRawSync(text, { level: 1 }) : text;

/** Zones as an archive keeps them. Throws when they do not come from `deflateZones` or `deflateLongZones`. */
export const inflateZones = (kept: string | Uint8Array): Zone[] => zonesIn(zonesTextOf(kept));

/** The text of zones as an archive keeps them. */
export const zonesTextOf = (kept: string | Uint8Array): string =>
  typeof kept === 'string' ? kept : inflateRawSync(kept).toString();

/** Throws when the text does not come from a `ZoneSet`. */
export function zonesIn(text: string): Zone[] {
  const rows = JSON.parse(text) as ZoneRow[];
  return rows.map(([zoneId, name, capacity, price, numbered]) => ({
    zoneId,
    name,
    capacity,
    price,
    numbered,
  }));
}

/** The largest capacity of an event; a segment has 32 bits for it. */
export const capacityMost = 0xffff_fffe;

/** Places in all zones that give theirs; null when none does. */
export function capacityOf(zones: readonly Pick<Zone, 'capacity'>[]): number | null {
  let places: number | null = null;
  for (const { capacity } of zones) if (capacity !== null) places = (places ?? 0) + capacity;
  return places === null ? null : Math.min(places, capacityMost);
}
