// The list of events, under the days at which they start.

import { byId, el } from '#/pages/common/dom.js';
import { zoneOf } from './periods.js';
import { pathOf } from './state.js';
import { availabilityOf, dayText, pricesText, spanText } from './wording.js';

/** `state`: what the list is of; `open` receives the id of an event. */
export function createList(open) {
  const list = byId('list');
  let day = null;
  let events = null;

  function itemOf(event, state, timeZone) {
    const [startsAt, endsAt] = [Date.parse(event.starts_at), Date.parse(event.ends_at)];
    const [badge, kind] = availabilityOf(event);
    const follow = (click) => {
      if (click.ctrlKey || click.metaKey || click.shiftKey || click.button !== 0) return;
      click.preventDefault();
      open(event.id);
    };
    const local =
      event.time_zone === timeZone
        ? null
        : `${spanText(startsAt, endsAt, event.time_zone)} in ${placeOf(event.time_zone)}`;
    return el(
      'li',
      {},
      el('span', { class: 'time' }, spanText(startsAt, endsAt, timeZone)),
      el(
        'span',
        {},
        el(
          'a',
          { href: pathOf({ ...state, event: event.id }), onclick: follow },
          event.title || 'Without a title',
        ),
        el('br'),
        el('span', { class: 'soft' }, [event.provider, local].filter(Boolean).join(' · ')),
      ),
      el(
        'span',
        { class: 'price' },
        pricesText(event),
        el('br'),
        el('span', { class: `badge ${kind}` }, badge),
      ),
    );
  }

  /** Appends a page of events. Days are headings only in the order of starts. */
  function add(page, state) {
    const timeZone = zoneOf(state);
    const isByDay = state.sort_by === undefined || state.sort_by === 'start';
    for (const event of page) {
      const own = isByDay ? dayText(Date.parse(event.starts_at), timeZone) : '';
      if (events === null || own !== day) {
        day = own;
        events = el('ul', { class: 'events' });
        list.append(...(isByDay ? [el('h3', { class: 'day' }, own)] : []), events);
      }
      const item = itemOf(event, state, timeZone);
      if (!isByDay) item.firstChild.prepend(dayText(Date.parse(event.starts_at), timeZone), ' ');
      events.append(item);
    }
  }

  return {
    add,
    clear(...instead) {
      day = events = null;
      list.replaceChildren(...instead);
    },
    busy: (is) => list.setAttribute('aria-busy', String(is)),
  };
}

/** `America/New_York` as `New York`. */
const placeOf = (timeZone) => timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
