// Reads the values of an XML dialect: attributes, all of them text.

import { shown } from '#/domain/refusal.ts';
import type { Dialect } from './dialect.ts';
import type { FieldAccess } from './access.ts';
import type { XmlElement } from '#/provider/xml/element.ts';
import { createLenient } from './lenient.ts';
import { capacityMax, noBoolean, noCapacity, type Values } from './values.ts';

function text({ names, values }: XmlElement, name: string): string | null {
  const place = names.indexOf(name);
  return place < 0 ? null : (values[place] ?? null);
}

const attributes: Values<XmlElement> = {
  text,

  boolean(element, name) {
    const value = text(element, name);
    if (value === null || value === 'false') return false;
    return value === 'true' ? true : noBoolean(name, shown(value));
  },

  capacity(element, name) {
    const value = text(element, name) ?? '';
    const capacity = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    return capacity <= capacityMax ? capacity : noCapacity(name, shown(value));
  },

  loose: text,

  children: ({ children }, name) => children.filter(({ tag }) => tag === name),
};

const lenient = createLenient(attributes);

/** The attribute names of a dialect. Those given as text here are the same in both dialects. */
export const fieldAccessFor = ({ baseId, eventId, start, end }: Dialect): FieldAccess<XmlElement> => ({
  fields: {
    baseId,
    planId: eventId,
    title: 'title',
    sellMode: 'sell_mode',
    organizerCompanyId: 'organizer_company_id',
    start,
    end,
    sellFrom: 'sell_from',
    sellTo: 'sell_to',
    soldOut: 'sold_out',
    status: null,
    zones: 'zone',
    zoneId: 'zone_id',
    zoneName: 'name',
    capacity: 'capacity',
    price: 'price',
    numbered: 'numbered',
  },
  values: attributes,
  lenient,
});
