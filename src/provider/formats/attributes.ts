// The words of an XML dialect, and the values behind them: texts, all of them, as fast-xml-parser gives the attributes of
// an element (`@name`).

import { shown } from '#/domain/refusal.ts';
import type { Dialect } from './dialect.ts';
import type { Language } from './event.ts';
import { capacityMax, noBoolean, noCapacity, type Element, type Values } from './values.ts';

function text(element: Element, name: string): string | null {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : null;
}

const attributes: Values = {
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

  /** Elements that may repeat are an array; one without any attribute is an empty text to the parser. */
  children(element, name) {
    const children = element[name];
    if (!Array.isArray(children)) return [];
    return children.map((child: unknown) =>
      typeof child === 'object' && child !== null ? (child as Element) : {},
    );
  },
};

/** Attributes that both dialects call the same, and the others. */
export const languageOf = ({ baseId, eventId, start, end }: Dialect): Language => ({
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
});
