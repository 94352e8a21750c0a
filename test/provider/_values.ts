// One event in every format, from the members of `ndjson`, and its parsed values.

import type { Facts, Zone } from '#/domain/event.ts';
import { zonesIn } from '#/domain/zones.ts';
import { formats } from '#/provider/formats/formats.ts';
import type { FormatName } from '#/provider/provider.ts';
import type { TextRecord } from '#/provider/record.ts';
import { escaped } from '../_support/feeds.ts';

/** The formats whose values are written one by one in the same form. */
export const plainFormats = ['plan-list-xml', 'event-list-xml', 'ndjson'] as const;

/** The values of an event with one zone, by the members of `ndjson`. Undefined leaves a value out. */
export type Given = Record<string, unknown>;
const zoneMembers = new Set(['zoneId', 'name', 'capacity', 'price', 'numbered']);
const baseMembers = new Set(['title', 'sellMode', 'organizerCompanyId']);

export const clean: Given = {
  title: 'The Night Tram',
  sellMode: 'online',
  organizerCompanyId: '7',
  start: '2031-06-30T21:00:00',
  end: '2031-06-30T22:00:00',
  sellFrom: '2030-07-01T00:00:00',
  sellTo: '2031-06-30T20:00:00',
  soldOut: false,
  zoneId: '40',
  name: 'Stalls',
  capacity: 12,
  price: '20.50',
  numbered: true,
};

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The text of one record. `null` is `null` in a feed of lines; XML leaves it out. */
function recordOf(format: FormatName, given: Given): string {
  const values = { ...clean, ...given };
  if (format === 'ndjson') {
    const own = Object.entries(values).filter(([name]) => !zoneMembers.has(name));
    const zone = Object.fromEntries(Object.entries(values).filter(([name]) => zoneMembers.has(name)));
    return JSON.stringify({ baseId: 'b', planId: 'p', ...Object.fromEntries(own), zones: [zone] });
  }
  const event = format === 'plan-list-xml' ? 'plan' : 'event';
  const attributes = (isWanted: (name: string) => boolean): string =>
    Object.entries(values)
      .filter(([name, value]) => isWanted(name) && value !== undefined && value !== null)
      .map(([name, value]) => {
        const word = name === 'start' || name === 'end' ? `${event}_${name}_date` : snake(name);
        return ` ${word}="${escaped(String(value))}"`;
      })
      .join('');
  const zone = `<zone${attributes((name) => zoneMembers.has(name))}/>`;
  const isOwn = (name: string): boolean => !zoneMembers.has(name) && !baseMembers.has(name);
  const inner = `<${event} ${event}_id="p"${attributes(isOwn)}>${zone}</${event}>`;
  const outer = attributes((name) => baseMembers.has(name));
  return `<base_${event} base_${event}_id="b"${outer}>${inner}</base_${event}>`;
}

export function read(
  format: FormatName,
  given: Given,
  strict = false,
  timeZone = 'Europe/Madrid',
): TextRecord {
  const reading = { provider: 'p', timeZone, priceZones: 'with-capacity', strict } as const;
  const [record] = formats[format].read(recordOf(format, given), reading);
  return record!;
}

interface Event {
  readonly facts: Omit<Facts, 'zonesHash' | 'capacity'>;
  readonly zones: readonly Zone[];
}

export function eventOf({ observations }: TextRecord): Event {
  const { zonesHash: _, ...facts } = observations[0]!.facts;
  // Their sum, like their hash, follows from the zones.
  delete (facts as { capacity?: number | null }).capacity;
  return { facts, zones: zonesIn(observations[0]!.zonesText) };
}

export const remarked = ({ remarks }: TextRecord): string[] =>
  (remarks ?? []).map(({ code, times }) => `${code} ${times}`);
