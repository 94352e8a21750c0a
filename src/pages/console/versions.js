// The versions that are kept: pin one, unpin, and compare any two of them.

import { ask } from '#/pages/common/ask.js';
import { el, table } from '#/pages/common/dom.js';
import { actionButton, timeOf } from './act.js';
import { urlOf } from './links.js';
import { addRows, moreButton, partOf } from './more.js';
import { changeCells } from './values.js';

const limitMax = 1000;
const shownAtFirst = 50;

export const [name, title] = ['versions', 'Versions'];

/** With `from` and `to` in the URL, the two versions are compared. */
export async function show({ signal, query, again, go }) {
  const [from, to] = [query.get('from'), query.get('to')];
  const { body } = await ask(`/snapshots?limit=${limitMax}`, { signal });
  const { snapshots, pinned } = body;
  return [
    el('h2', {}, 'Versions'),
    pinned === null
      ? el('p', { class: 'soft' }, 'No version is pinned: every host serves the newest.')
      : pinnedView(pinned, again),
    snapshots.length === 0
      ? el('p', { class: 'card' }, 'No version is kept yet.')
      : table(
          'Versions',
          ['Version', 'Published', 'Events', 'Segments', 'Action'],
          snapshots.map(({ version, at, events }) => [
            String(version),
            timeOf(at),
            events.toLocaleString('en-GB'),
            el('a', { href: urlOf('explorer', { version }) }, `Segments of ${version}`),
            version === pinned ? 'pinned' : pinButton(version, again),
          ]),
        ),
    el('h2', {}, 'Compare two versions'),
    form(snapshots, from, to, go),
    ...(from === null || to === null ? [] : await partOf(signal, () => diff(from, to, signal), again)),
  ];
}

const pinnedView = (pinned, again) =>
  el(
    'div',
    { class: 'card' },
    el('p', {}, `Version ${pinned} is pinned: every host serves it, and newer versions wait.`),
    actionButton({
      label: 'Unpin',
      title: 'Serve the newest version again?',
      text: 'Every host changes to the newest version at once.',
      method: 'DELETE',
      path: '/snapshots/pin',
      success: 'No version is pinned.',
      done: again,
    }),
  );

const pinButton = (version, again) =>
  actionButton({
    label: `Pin ${version}`,
    title: `Serve version ${version} everywhere?`,
    text: 'Every host serves it until it is unpinned. Newer versions are published, and wait.',
    path: `/snapshots/${version}/pin`,
    success: `Version ${version} is pinned.`,
    done: again,
  });

const field = (id, label, value) =>
  el(
    'div',
    {},
    el('label', { for: id }, label),
    el('input', { id, type: 'number', min: '1', required: true, value }),
  );

function form(snapshots, from, to, go) {
  const [older = '', newer = ''] = [from ?? snapshots[1]?.version, to ?? snapshots[0]?.version];
  const send = (event) => {
    event.preventDefault();
    const [a, b] = ['diff-from', 'diff-to'].map((id) => document.getElementById(id).value);
    go(urlOf('versions', { from: a, to: b }));
  };
  return el(
    'form',
    { class: 'fields card', onsubmit: send },
    field('diff-from', 'From version', older),
    field('diff-to', 'To version', newer),
    el('button', { class: 'main' }, 'Compare'),
  );
}

async function diff(from, to, signal) {
  const path = `/snapshots/${from}/diff/${to}?limit=${shownAtFirst}`;
  const { body } = await ask(path, { signal });
  const { counts } = body;
  const lists = kinds
    .filter(({ kind }) => counts[kind] > 0)
    .map(({ kind, caption, heads, rowsOf }) => ({
      kind,
      rowsOf,
      heading: el('h3', {}, `${caption}: ${counts[kind]}`),
      list: table(caption, heads, body[kind].flatMap(rowsOf)),
    }));
  return [
    el(
      'p',
      { role: 'status' },
      `${counts.added} added, ${counts.changed} changed, ${counts.removed} removed from version ${from} to ${to}.`,
    ),
    ...lists.flatMap(({ heading, list }) => [heading, list]),
    ...moreButton({
      label: 'Show more differences',
      path,
      first: body,
      signal,
      add: (page) => {
        for (const { kind, rowsOf, list } of lists) addRows(list, page[kind].flatMap(rowsOf));
      },
      next: lists[0]?.list,
    }),
  ];
}

const linkTo = ({ id, title: event }) =>
  el('a', { href: urlOf('explorer', { id }) }, event || 'Without a title');

/** One row for each field that differs. */
const changedRows = ({ before, after, fields }) =>
  fields.map((what, i) => [i === 0 ? linkTo(after) : '', ...changeCells(what, before[what], after[what])]);

const plainRows = (event) => {
  const { start_date: date, start_time: time, min_price: least, max_price: most } = event;
  return [[linkTo(event), `${date} ${time ?? ''}`, least === null ? 'none' : `${least} to ${most}`]];
};

const plainHeads = ['Event', 'Starts', 'Prices'];

/** By the name of their list in the answer. */
const kinds = [
  { kind: 'changed', caption: 'Changed', heads: ['Event', 'What', 'Before', 'After'], rowsOf: changedRows },
  { kind: 'added', caption: 'Added', heads: plainHeads, rowsOf: plainRows },
  { kind: 'removed', caption: 'Removed', heads: plainHeads, rowsOf: plainRows },
];
