// The words of an XML dialect, and the values behind them: attributes, texts all of them.

import { shown } from '#/domain/refusal.ts';
import type { Dialect } from './dialect.ts';
import type { Language } from './event.ts';
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

/** Attributes that both dialects call the same, and the others. */
export const languageOf = ({ baseId, eventId, start, end }: Dialect): Language<XmlElement> => ({
  words: {
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
