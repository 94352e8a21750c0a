// The versions that are kept: pin one, unpin, and compare any two of them.

import { adviceFor, ask } from '/pages/ask.js';
import { el, table } from '/pages/dom.js';
import { actionButton, timeOf } from './act.js';
import { urlOf } from './links.js';

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
          ['Version', 'Published', 'Events', 'Action'],
          snapshots.map(({ version, at, events }) => [
            String(version),
            timeOf(at),
            events.toLocaleString('en-GB'),
            version === pinned ? 'pinned' : pinButton(version, again),
          ]),
        ),
    el('h2', {}, 'Compare two versions'),
    form(snapshots, from, to, go),
    ...(from === null || to === null ? [] : await diff(from, to, signal)),
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
  try {
    const { body } = await ask(`/snapshots/${from}/diff/${to}?limit=${limitMax}`, { signal });
    const { added, changed, removed, counts } = body;
    return [
      el(
        'p',
        { role: 'status' },
        `${counts.added} added, ${counts.changed} changed, ${counts.removed} removed from version ${from} to ${to}.`,
      ),
      ...paged('Changed', changed, counts.changed, changedRow, ['Event', 'What', 'Before', 'After']),
      ...paged('Added', added, counts.added, plainRow, ['Event', 'Starts', 'Prices']),
      ...paged('Removed', removed, counts.removed, plainRow, ['Event', 'Starts', 'Prices']),
    ];
  } catch (failure) {
    if (signal.aborted) throw failure;
    return [el('p', { class: 'card bad', role: 'alert' }, `${failure.message} ${adviceFor(failure)}`)];
  }
}

function paged(kind, rows, count, rowOf, heads) {
  if (rows.length === 0) return [];
  const place = el('div');
  let shown = shownAtFirst;
  const draw = () => {
    const more = el(
      'button',
      { type: 'button', onclick: () => ((shown += shownAtFirst), draw()) },
      `Show more of ${kind.toLowerCase()}`,
    );
    place.replaceChildren(
      table(
        kind,
        heads,
        rows.slice(0, shown).flatMap((row) => rowOf(row)),
      ),
      ...(shown < rows.length ? [more] : []),
      ...(shown >= rows.length && rows.length < count
        ? [el('p', { class: 'soft' }, `Only the first ${rows.length} are listed.`)]
        : []),
    );
  };
  draw();
  return [el('h3', {}, `${kind}: ${count}`), place];
}

/** One row for each field that differs. */
const changedRow = ({ before, after, fields }) =>
  fields.map((one, i) => [
    i === 0 ? after.title : '',
    one,
    el('del', {}, String(before[one])),
    el('ins', {}, String(after[one])),
  ]);

const plainRow = ({
  title: event,
  start_date: date,
  start_time: time,
  min_price: least,
  max_price: most,
}) => [[event, `${date} ${time}`, least === null ? 'none' : `${least} to ${most}`]];
