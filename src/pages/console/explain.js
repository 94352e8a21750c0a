// Why is an event not found? The verdict as a sentence, with what it rests on.

import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { excerptOf, placeText } from './excerpt.js';
import { urlOf } from './links.js';
import { partOf } from './more.js';

export const [name, title] = ['explain', 'Why not found?'];

const fields = [
  ['id', 'Id of the event', ''],
  ['provider', 'Or provider', ''],
  ['base', 'Base', ''],
  ['plan', 'Plan', ''],
  ['starts_at', 'Search from', '2031-03-05'],
  ['ends_at', 'Search to', '2031-03-05T22:00:00Z'],
];
const verdicts = {
  found: ['It is found', 'good'],
  outside_range: ['It is outside of the range', 'warn'],
  never_online: ['It was never online', 'warn'],
  quarantined: ['Its part of the feed was refused', 'bad'],
  withdrawal_held: ['Its withdrawal is held', 'warn'],
  withdrawn: ['It was withdrawn', 'warn'],
  offline: ['It is offline', 'warn'],
  changed_since: ['It has changed since', 'warn'],
  unknown: ['It is not known here', 'bad'],
  values_held: ['A feed that may have it is held', 'warn'],
  not_served_yet: ['It is not served yet', 'warn'],
};

/** The URL has the fields of the form. */
export async function show({ signal, query, again, go }) {
  const given = fields.map(([field]) => [field, query.get(field) ?? '']).filter(([, value]) => value !== '');
  return [
    el('h2', {}, 'Why is it not found?'),
    form(Object.fromEntries(given), go),
    ...(given.length === 0
      ? [
          el(
            'p',
            { class: 'soft' },
            'Give the id of an event, or what its provider calls it, and the bounds of the search.',
          ),
        ]
      : await partOf(
          signal,
          async () => {
            const { body } = await ask(`/explain?${new URLSearchParams(given)}`, { signal });
            return answer(body, signal, again);
          },
          again,
        )),
  ];
}

function form(given, go) {
  const entries = fields.map(([field, label, example]) =>
    el(
      'div',
      {},
      el('label', { for: `explain-${field}` }, label),
      el('input', {
        id: `explain-${field}`,
        name: field,
        value: given[field] ?? '',
        placeholder: example === '' ? null : example,
        autocomplete: 'off',
        spellcheck: 'false',
      }),
    ),
  );
  const send = (event) => {
    event.preventDefault();
    const values = [...new FormData(event.target)].map(([field, value]) => [field, value.trim()]);
    go(urlOf(name, Object.fromEntries(values)));
  };
  return el(
    'form',
    { class: 'fields card', onsubmit: send },
    ...entries,
    el('button', { class: 'main' }, 'Explain'),
  );
}

async function answer(
  { verdict, message, also, id, event, range, missed, served, quarantine, held, held_values: holds },
  signal,
  again,
) {
  const [heading, kind] = verdicts[verdict] ?? [verdict, 'warn'];
  const { provider = quarantine[0]?.provider } = event ?? {};
  return [
    el(
      'div',
      { class: 'card' },
      el('h3', { class: kind }, heading),
      el('p', { role: 'status' }, message),
      also.length === 0 ? null : el('ul', {}, ...also.map((one) => el('li', {}, one.message))),
      held === null
        ? null
        : el(
            'p',
            {},
            'Its withdrawal waits for an operator: ',
            el(
              'a',
              { href: urlOf('providers', { name: provider, run: held.run }) },
              `run ${held.run} holds ${held.events} withdrawals`,
            ),
          ),
      ...holds.map(({ provider: of, run, records }) =>
        el(
          'p',
          {},
          'Other prices or dates wait for an operator: ',
          el(
            'a',
            { href: urlOf('providers', { name: of, run }) },
            `run ${run} of ${of} holds ${records} records`,
          ),
        ),
      ),
      factsOf(id, event, served, range),
    ),
    ...(missed.length === 0 ? [] : missedView(missed, range.time_zone)),
    ...(await refusedView(quarantine, signal, again)),
  ];
}

function factsOf(id, event, served, range) {
  const link = el('a', { href: urlOf('explorer', { id }) }, id);
  const isOpen = range.starts_at === null && range.ends_at === null;
  const bounds = [range.starts_at_local ?? 'open', range.ends_at_local ?? 'open'];
  return pairs([
    ['Event', event?.title],
    ['Its changes', event === null ? null : link],
    ['Starts', event === null ? null : `${event.start_date} ${event.start_time ?? ''}`],
    ['Ends', event === null ? null : `${event.end_date ?? 'unknown'} ${event.end_time ?? ''}`],
    ['Time zone', event?.time_zone],
    [
      'Provider',
      event === null ? null : el('a', { href: urlOf('providers', { name: event.provider }) }, event.provider),
    ],
    ['Base and plan', event === null ? null : `${event.base_id} / ${event.plan_id}`],
    ['Reported as', event?.sell_mode],
    ['Range in its time zone', isOpen ? 'open' : bounds.join(' to ').replaceAll('T', ' ')],
    ['Version served', served === null ? 'none' : `${served.version}${served.pinned ? ', pinned' : ''}`],
    ['Newest version', served?.newest],
  ]);
}

const missedView = (missed, timeZone) => [
  el('h3', {}, 'Bounds that exclude it'),
  table(
    'Bounds that exclude it',
    ['Bound', 'Asked', 'Event', `Asked in ${timeZone}`, `Event in ${timeZone}`, 'Outside by'],
    missed.map((one) => [
      one.bound,
      one.asked,
      one.event,
      one.asked_local.replace('T', ' '),
      one.event_local.replace('T', ' '),
      `${one.seconds} s`,
    ]),
  ),
];

/** The newest part with the lines of the feed around it; the others are listed. */
async function refusedView(parts, signal, again) {
  if (parts.length === 0) return [];
  const [first] = parts;
  return [
    el('h3', {}, 'Refused parts of the feed'),
    table(
      'Refused parts of the feed',
      ['Code', 'Place', 'Run', 'Base', 'Plan', 'Message'],
      parts.map((part) => [
        part.code,
        placeText(part),
        el('a', { href: urlOf('providers', { name: part.provider, run: part.run }) }, String(part.run)),
        part.base_id ?? '',
        part.plan_id ?? '',
        part.message,
      ]),
    ),
    ...(await excerptOf(first.provider, first, signal, again)),
  ];
}
