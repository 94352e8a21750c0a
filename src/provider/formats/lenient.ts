// One value of a record, taken as it is meant: the plain form first, then what leaves no doubt (a repair), then, where no
// search needs the value, as unknown. A strict reading refuses both. The rules are decision record 71.

import type { SellMode } from '#/domain/event.ts';
import { isPlainLocalTime } from '#/domain/local-time.ts';
import { repairedBoolean, repairedCapacity, repairedPrice, repairedSellMode } from '#/domain/repaired-value.ts';
import { repairedWallClock } from '#/domain/repaired-clock.ts';
import { parsePrice, priceAsJson } from '#/domain/price.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { parseWallClock, type WallClock } from '#/domain/wall-clock.ts';
import { noteRepaired, noteUnknown, type Field, type Notes } from './notes.ts';
import { asId, asOptional, capacityMax, type Values } from './values.ts';

/** Each method notes what it has repaired or left unknown. */
export interface Lenient<Element> {
  sellMode(base: Element, name: string, notes: Notes): SellMode | Refusal;
  /** Null when it is unknown, or when there is none. */
  optional(element: Element, field: Field, name: string, notes: Notes): string | null | Refusal;
  clock(event: Element, field: Field, name: string, timeZone: string, notes: Notes): WallClock | Refusal;
  /** The local time of a clock; null when it is unknown, or when there is none. */
  localTime(
    event: Element,
    field: Field,
    name: string,
    timeZone: string,
    notes: Notes,
  ): string | null | Refusal;
  /** False when there is none, null when it is unknown. */
  boolean(element: Element, field: Field, name: string, notes: Notes): boolean | null | Refusal;
  /** This and the next two: null when it is unknown. */
  zoneId(zone: Element, name: string, notes: Notes): string | null | Refusal;
  zoneName(zone: Element, name: string, notes: Notes): string | null | Refusal;
  capacity(zone: Element, name: string, notes: Notes): number | null | Refusal;
  price(zone: Element, name: string, notes: Notes): number | Refusal;
}

export function createLenient<Element>(values: Values<Element>): Lenient<Element> {
  /** What `read` makes of a value that was refused; null when it is not to be, or cannot be, repaired. */
  function repaired<T>(
    element: Element,
    field: Field,
    name: string,
    notes: Notes,
    read: (text: string) => T | null,
    show: (meant: T) => string = String,
  ): T | null {
    if (notes.strict) return null;
    const text = values.loose(element, name);
    const meant = text === null ? null : read(text);
    if (text !== null && meant !== null && !isRefusal(meant))
      noteRepaired(notes, field, name, text, show(meant));
    return meant;
  }

  function clock(
    event: Element,
    field: Field,
    name: string,
    timeZone: string,
    notes: Notes,
  ): WallClock | Refusal {
    const text = values.text(event, name) ?? '';
    const plain = isRefusal(text) ? text : parseWallClock(text, timeZone);
    if (!isRefusal(plain)) return plain;
    const meant = repaired<WallClock | Refusal>(
      event,
      field,
      name,
      notes,
      (loose) => repairedWallClock(loose, timeZone),
      (read) => (isRefusal(read) ? '' : read.local),
    );
    const read = meant ?? plain;
    return isRefusal(read) && !isRefusal(text) ? refuse(read.code, `${name}: ${read.message}`) : read;
  }

  return {
    clock,

    sellMode(base, name, notes) {
      const text = values.text(base, name) ?? '';
      if (text === 'online' || text === 'offline') return text;
      const meant = repaired(base, 'sell_mode', name, notes, repairedSellMode);
      if (meant !== null) return meant;
      if (isRefusal(text)) return text;
      return refuse('sell_mode_unknown', `Got ${name} ${shown(text)}, expected online or offline.`);
    },

    optional(element, field, name, notes) {
      const text = asOptional(values.text(element, name), name);
      return isRefusal(text) ? unknown(field, text, notes) : text;
    },

    localTime(event, field, name, timeZone, notes) {
      const text = values.text(event, name);
      if (text === null || (!isRefusal(text) && isPlainLocalTime(text))) return text;
      const read = clock(event, field, name, timeZone, notes);
      return isRefusal(read) ? unknown(field, read, notes) : read.local;
    },

    boolean(element, field, name, notes) {
      const plain = values.boolean(element, name);
      if (!isRefusal(plain)) return plain;
      return repaired(element, field, name, notes, repairedBoolean) ?? unknown(field, plain, notes);
    },

    zoneId(zone, name, notes) {
      const id = asId(values.text(zone, name), name);
      return isRefusal(id) ? unknown('zone_id', id, notes) : id;
    },

    zoneName(zone, name, notes) {
      const text = asOptional(values.text(zone, name), name);
      if (isRefusal(text)) return unknown('zone_name', text, notes);
      if (text !== null && text !== '') return text;
      // No feed must give one: not even a strict reading refuses an event for it.
      noteUnknown(notes, 'zone_name', `${name} is missing.`);
      return null;
    },

    capacity(zone, name, notes) {
      const plain = values.capacity(zone, name);
      if (!isRefusal(plain)) return plain;
      return repaired(zone, 'capacity', name, notes, meantSeats) ?? unknown('capacity', plain, notes);
    },

    // The search needs it: an event whose price is a doubt goes to quarantine.
    price(zone, name, notes) {
      const text = values.text(zone, name);
      const plain = isRefusal(text) ? refuse('price_invalid', text.message) : parsePrice(text ?? '');
      if (!isRefusal(plain)) return plain;
      return repaired(zone, 'price', name, notes, repairedPrice, priceAsJson) ?? plain;
    },
  };
}

const meantSeats = (text: string): number | null => repairedCapacity(text, capacityMax);

function unknown(field: Field, refusal: Refusal, notes: Notes): null | Refusal {
  if (notes.strict) return refusal;
  noteUnknown(notes, field, refusal.message);
  return null;
}
