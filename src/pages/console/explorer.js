// The explorer: one event across all versions, the bytes and events of a version, and the days that searches ask for.

import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { timeOf } from './act.js';
import { changesView } from './changes.js';
import { urlOf } from './links.js';
import { needsKey, partOf } from './more.js';
import { sizesView } from './sizes.js';
import { barOf, countText } from './values.js';

const daysMax = 60;

export const [name, title] = ['explorer', 'Explorer'];

/** `id` and `version` in the URL: the event, and the version. */
export async function show({ signal, query, again, go }) {
  const [id, wanted] = [query.get('id'), query.get('version')];
  const version = wanted ?? (await newest(signal));
  const part = (read) => partOf(signal, read, again);
  const [changes, sizes, days] = await Promise.all([
    id === null ? [] : part(() => changesView(id, signal)),
    version === null ? [] : part(() => sizesView(version, signal, again)),
    part(() => daysView(signal)),
  ]);
  return [
    el('h2', {}, 'One event across all versions'),
    form('explored-id', 'Id of the event', id, 'Show its changes', (value) =>
      go(urlOf(name, { id: value, version: wanted })),
    ),
    ...changes,
    el('h2', {}, 'Bytes and events of a version'),
    ...(version === null
      ? [el('p', { class: 'card' }, 'No version is kept yet.')]
      : [
          form('explored-version', 'Version', version, 'Show its segments', (value) =>
            go(urlOf(name, { id, version: value })),
          ),
        ]),
    ...sizes,
    el('h2', {}, 'Days that searches ask for'),
    ...days,
  ];
}

/** Null when none is kept, or when ingest does not answer: then only this part of the view is missing. */
async function newest(signal) {
  try {
    const { body } = await ask('/snapshots?limit=1', { signal });
    return body.snapshots[0]?.version ?? null;
  } catch (failure) {
    if (signal.aborted || needsKey(failure)) throw failure;
    return null;
  }
}

function form(id, label, value, button, open) {
  const field = el('input', { id, required: true, value, autocomplete: 'off', spellcheck: 'false' });
  const send = (event) => {
    event.preventDefault();
    open(field.value.trim());
  };
  return el(
    'form',
    { class: 'fields card', onsubmit: send },
    el('div', {}, el('label', { for: id }, label), field),
    el('button', { class: 'main' }, button),
  );
}

async function daysView(signal) {
  const { body } = await ask('/searches/days', { signal });
  const { workers, silent, since, searches, wide, outside, days } = body;
  const most = days.toSorted((a, b) => b.searches - a.searches).slice(0, daysMax);
  return [
    el(
      'div',
      { class: 'card' },
      pairs([
        ['Searches', countText(searches)],
        ['Since', since === null ? null : timeOf(Date.parse(since))],
        ['Of more than a year, or open', countText(wide)],
        ['Outside of the counted days', countText(outside)],
        ['Workers', silent === 0 ? String(workers) : `${workers}, of which ${silent} did not answer`],
      ]),
    ),
    most.length === 0
      ? el('p', { class: 'soft' }, 'No search has asked for a day yet.')
      : table(
          'Days',
          ['Day (UTC)', 'Searches'],
          most.map((one) => [one.day, barOf(one.searches, most[0].searches, countText(one.searches))]),
        ),
    ...(days.length > daysMax
      ? [
          el(
            'p',
            { class: 'soft' },
            `The ${daysMax} days that most searches ask for, of ${countText(days.length)}.`,
          ),
        ]
      : []),
  ];
}
