// One value of a record, taken as it is meant: the plain form first, then what leaves no doubt (a repair), then, where no
// search needs the value, as unknown. A strict reading refuses both. The rules are decision record 71.

import type { SellMode } from '#/domain/event.ts';
import { isPlainLocalTime } from '#/domain/local-time.ts';
import { meantBoolean, meantCapacity, meantPrice, meantSellMode } from '#/domain/meant.ts';
import { meantWallClock } from '#/domain/meant-clock.ts';
import { parsePrice, priceAsJson } from '#/domain/price.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { parseWallClock, type WallClock } from '#/domain/wall-clock.ts';
import type { Field, Notes } from './notes.ts';
import { asId, asOptional, capacityMax, type Values } from './values.ts';

export interface Lenient<Element> {
  sellMode(base: Element, name: string): SellMode | Refusal;
  /** Null when it is unknown, or when there is none. */
  optional(element: Element, field: Field, name: string): string | null | Refusal;
  clock(event: Element, field: Field, name: string, timeZone: string): WallClock | Refusal;
  /** The local time of a clock; null when it is unknown, or when there is none. */
  localTime(event: Element, field: Field, name: string, timeZone: string): string | null | Refusal;
  /** False when there is none, null when it is unknown. */
  boolean(element: Element, field: Field, name: string): boolean | null | Refusal;
  /** This and the next two: null when it is unknown. */
  zoneId(zone: Element, name: string): string | null | Refusal;
  zoneName(zone: Element, name: string): string | null | Refusal;
  capacity(zone: Element, name: string): number | null | Refusal;
  price(zone: Element, name: string): number | Refusal;
}

export function createLenient<Element>(
  values: Values<Element>,
  notes: Notes,
  strict: boolean,
): Lenient<Element> {
  /** What `read` makes of a value that `refusal` was the answer to; null when it is not to be, or cannot be, repaired. */
  function repaired<T>(
    element: Element,
    field: Field,
    name: string,
    read: (text: string) => T | null,
    show: (meant: T) => string,
  ): T | null {
    if (strict) return null;
    const text = values.loose(element, name);
    const meant = text === null ? null : read(text);
    if (text !== null && meant !== null && !isRefusal(meant)) notes.repaired(field, name, text, show(meant));
    return meant;
  }

  function unknown(field: Field, refusal: Refusal): null | Refusal {
    if (strict) return refusal;
    notes.unknown(field, refusal.message);
    return null;
  }

  function clockOf(event: Element, field: Field, name: string, timeZone: string): WallClock | Refusal {
    const text = values.text(event, name) ?? '';
    const plain = isRefusal(text) ? text : parseWallClock(text, timeZone);
    if (!isRefusal(plain)) return plain;
    const meant = repaired<WallClock | Refusal>(
      event,
      field,
      name,
      (loose) => meantWallClock(loose, timeZone),
      (clock) => (isRefusal(clock) ? '' : clock.local),
    );
    const read = meant ?? plain;
    return isRefusal(read) && !isRefusal(text) ? refuse(read.code, `${name}: ${read.message}`) : read;
  }

  return {
    sellMode(base, name) {
      const text = values.text(base, name) ?? '';
      if (text === 'online' || text === 'offline') return text;
      const meant = repaired(base, 'sell_mode', name, meantSellMode, (mode) => mode);
      if (meant !== null) return meant;
      if (isRefusal(text)) return text;
      return refuse('sell_mode_unknown', `Got ${name} ${shown(text)}, expected online or offline.`);
    },

    optional(element, field, name) {
      const text = asOptional(values.text(element, name), name);
      return isRefusal(text) ? unknown(field, text) : text;
    },

    clock: clockOf,

    localTime(event, field, name, timeZone) {
      const text = values.text(event, name);
      if (text === null || (!isRefusal(text) && isPlainLocalTime(text))) return text;
      const clock = clockOf(event, field, name, timeZone);
      return isRefusal(clock) ? unknown(field, clock) : clock.local;
    },

    boolean(element, field, name) {
      const plain = values.boolean(element, name);
      if (!isRefusal(plain)) return plain;
      return repaired(element, field, name, meantBoolean, String) ?? unknown(field, plain);
    },

    zoneId(zone, name) {
      const id = asId(values.text(zone, name), name);
      return isRefusal(id) ? unknown('zone_id', id) : id;
    },

    zoneName(zone, name) {
      const text = asOptional(values.text(zone, name), name);
      if (isRefusal(text)) return unknown('zone_name', text);
      if (text !== null && text !== '') return text;
      // No feed must give one: not even a strict reading refuses an event for it.
      notes.unknown('zone_name', `${name} is missing.`);
      return null;
    },

    capacity(zone, name) {
      const plain = values.capacity(zone, name);
      if (!isRefusal(plain)) return plain;
      const meant = repaired(zone, 'capacity', name, (text) => meantCapacity(text, capacityMax), String);
      return meant ?? unknown('capacity', plain);
    },

    // The search needs it: an event whose price is a doubt goes to quarantine.
    price(zone, name) {
      const text = values.text(zone, name);
      const plain = isRefusal(text) ? refuse('price_invalid', text.message) : parsePrice(text ?? '');
      if (!isRefusal(plain)) return plain;
      return repaired(zone, 'price', name, meantPrice, priceAsJson) ?? plain;
    },
  };
}
