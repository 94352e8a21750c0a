// Reads one value of a record: first in its expected form, then repaired where the meaning is certain. A value that no search
// needs may be left unknown. A strict reading refuses both. Decision record 71 has the rules.

import type { SellMode } from '#/domain/event.ts';
import { isPlainLocalTime } from '#/domain/time/local-time.ts';
import {
  repairedBoolean,
  repairedCapacity,
  repairedPrice,
  repairedSellMode,
} from '#/domain/repaired-value.ts';
import { repairedWallClock } from '#/domain/time/repaired-clock.ts';
import { parseStatus, repairedStatus, type GivenStatus } from '#/domain/status.ts';
import { parsePrice, priceAsJson } from '#/domain/price.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { parseWallClock, type WallClock } from '#/domain/time/wall-clock.ts';
import { addRepaired, addUnknown, type Field, type RemarkCollector } from './remarks.ts';
import { asId, asOptional, capacityMax, type Values } from './values.ts';

/** Each method reports to the collector what it repairs or leaves unknown. */
export interface Lenient<Element> {
  sellMode(base: Element, name: string, collector: RemarkCollector): SellMode | Refusal;
  /** `scheduled` when it is absent, null when it is unknown. */
  status(event: Element, name: string, collector: RemarkCollector): GivenStatus | null | Refusal;
  /** Null when it is unknown or absent. */
  optional(element: Element, field: Field, name: string, collector: RemarkCollector): string | null | Refusal;
  clock(
    event: Element,
    field: Field,
    name: string,
    timeZone: string,
    collector: RemarkCollector,
  ): WallClock | Refusal;
  /** The local time of a clock; null when it is unknown or absent. */
  localTime(
    event: Element,
    field: Field,
    name: string,
    timeZone: string,
    collector: RemarkCollector,
  ): string | null | Refusal;
  /** False when it is absent, null when it is unknown. */
  boolean(element: Element, field: Field, name: string, collector: RemarkCollector): boolean | null | Refusal;
  /** This and the next two: null when it is unknown. */
  zoneId(zone: Element, name: string, collector: RemarkCollector): string | null | Refusal;
  zoneName(zone: Element, name: string, collector: RemarkCollector): string | null | Refusal;
  capacity(zone: Element, name: string, collector: RemarkCollector): number | null | Refusal;
  price(zone: Element, name: string, collector: RemarkCollector): number | Refusal;
}

/** Reads a clock in the forms that a format expects. `timeZone`: the IANA zone of a time without offset. */
export type ReadClock = (text: string, timeZone: string) => WallClock | Refusal;

/** `readClock`: without it, local times without an offset are expected. */
export function createLenient<Element>(
  values: Values<Element>,
  readClock: ReadClock = parseWallClock,
): Lenient<Element> {
  /** Reads a refused value with `read`; null when it cannot be repaired, or when the reading is strict. */
  function repair<T>(
    element: Element,
    field: Field,
    name: string,
    collector: RemarkCollector,
    read: (text: string) => T | null,
    show: (value: T) => string = String,
  ): T | null {
    if (collector.strict) return null;
    const text = values.loose(element, name);
    const value = text === null ? null : read(text);
    if (text !== null && value !== null && !isRefusal(value))
      addRepaired(collector, field, name, text, show(value));
    return value;
  }

  function clock(
    event: Element,
    field: Field,
    name: string,
    timeZone: string,
    collector: RemarkCollector,
  ): WallClock | Refusal {
    const text = values.text(event, name) ?? '';
    const plain = isRefusal(text) ? text : readClock(text, timeZone);
    if (!isRefusal(plain)) return plain;
    const value = repair<WallClock | Refusal>(
      event,
      field,
      name,
      collector,
      (loose) => repairedWallClock(loose, timeZone),
      (read) => (isRefusal(read) ? '' : read.local),
    );
    const read = value ?? plain;
    return isRefusal(read) && !isRefusal(text) ? refuse(read.code, `${name}: ${read.message}`) : read;
  }

  return {
    clock,

    sellMode(base, name, collector) {
      const text = values.text(base, name) ?? '';
      if (text === 'online' || text === 'offline') return text;
      const value = repair(base, 'sell_mode', name, collector, repairedSellMode);
      if (value !== null) return value;
      if (isRefusal(text)) return text;
      return refuse('sell_mode_unknown', `Got ${name} ${shown(text)}, expected online or offline.`);
    },

    status(event, name, collector) {
      const text = values.text(event, name);
      if (text === null) return 'scheduled';
      if (isRefusal(text)) return unknown('status', text, collector);
      const plain = parseStatus(text) ?? repair(event, 'status', name, collector, repairedStatus);
      if (plain !== null) return plain;
      const message = `Got ${name} ${shown(text)}, expected scheduled, cancelled, postponed, rescheduled or sold_out.`;
      return unknown('status', refuse('status_invalid', message), collector);
    },

    optional(element, field, name, collector) {
      const text = asOptional(values.text(element, name), name);
      return isRefusal(text) ? unknown(field, text, collector) : text;
    },

    localTime(event, field, name, timeZone, collector) {
      const text = values.text(event, name);
      if (text === null || (!isRefusal(text) && isPlainLocalTime(text))) return text;
      const read = clock(event, field, name, timeZone, collector);
      return isRefusal(read) ? unknown(field, read, collector) : read.local;
    },

    boolean(element, field, name, collector) {
      const plain = values.boolean(element, name);
      if (!isRefusal(plain)) return plain;
      return repair(element, field, name, collector, repairedBoolean) ?? unknown(field, plain, collector);
    },

    zoneId(zone, name, collector) {
      const id = asId(values.text(zone, name), name);
      return isRefusal(id) ? unknown('zone_id', id, collector) : id;
    },

    zoneName(zone, name, collector) {
      const text = asOptional(values.text(zone, name), name);
      if (isRefusal(text)) return unknown('zone_name', text, collector);
      if (text !== null && text !== '') return text;
      // The name is optional in every format, so even a strict reading accepts an event without it.
      addUnknown(collector, 'zone_name', `${name} is missing.`);
      return null;
    },

    capacity(zone, name, collector) {
      const plain = values.capacity(zone, name);
      if (!isRefusal(plain)) return plain;
      return (
        repair(zone, 'capacity', name, collector, repairedSeats) ?? unknown('capacity', plain, collector)
      );
    },

    // A search needs the price, so an event with an uncertain price goes to quarantine.
    price(zone, name, collector) {
      const text = values.text(zone, name);
      const plain = isRefusal(text) ? refuse('price_invalid', text.message) : parsePrice(text ?? '');
      if (!isRefusal(plain)) return plain;
      return repair(zone, 'price', name, collector, repairedPrice, priceAsJson) ?? plain;
    },
  };
}

const repairedSeats = (text: string): number | null => repairedCapacity(text, capacityMax);

function unknown(field: Field, refusal: Refusal, collector: RemarkCollector): null | Refusal {
  if (collector.strict) return refusal;
  addUnknown(collector, field, refusal.message);
  return null;
}
