// Held withdrawals: why they are held, the events that an approval withdraws, and the approval.

import { ask } from '/pages/ask.js';
import { el, table } from '/pages/dom.js';
import { actionButton } from './act.js';
import { urlOf } from './links.js';
import { addRows, moreButton, partOf } from './more.js';

const rows = 50;

export async function heldView(provider, { events, reason, runId }, { signal, again }) {
  const path = `/providers/${encodeURIComponent(provider)}`;
  return el(
    'div',
    { class: 'card' },
    el('h3', {}, `${events} withdrawals are held`),
    el(
      'p',
      {},
      `${reason}. `,
      el('a', { href: urlOf('providers', { name: provider, run: runId }) }, `Run ${runId}`),
    ),
    actionButton({
      label: 'Approve the withdrawals',
      title: `Withdraw ${events} events of ${provider}?`,
      text: 'The next complete feed may then withdraw that many. The events stay searchable; they are no longer listed.',
      path: `${path}/approve`,
      success: `The withdrawals of ${provider} are approved. The provider is polled now.`,
      done: again,
    }),
    ...(await partOf(signal, () => listOf(`${path}/held?limit=${rows}`, signal), again)),
  );
}

async function listOf(path, signal) {
  const { body } = await ask(path, { signal });
  if (body.events.length === 0)
    return [
      el('p', { class: 'soft' }, 'The archive of this host does not list them: ask the host that leads.'),
    ];
  const list = table(
    'Events that the approval withdraws',
    ['Event', 'Starts', 'Base', 'Plan', 'In the search'],
    body.events.map(rowOf),
  );
  return [
    el('h3', {}, 'What the approval withdraws'),
    list,
    ...moreButton({
      label: 'Show more withdrawals',
      path,
      first: body,
      signal,
      add: (page) => addRows(list, page.events.map(rowOf)),
      next: list,
    }),
  ];
}

const rowOf = (event) => [
  el('a', { href: urlOf('explorer', { id: event.id }) }, event.title || 'Without a title'),
  `${event.start_date} ${event.start_time ?? ''}`,
  event.base_id,
  event.plan_id,
  event.searchable ? 'yes' : 'no: never online',
];
