// What is held of a provider: why, the events that an approval withdraws, and the approval.

import { ask } from '#/pages/common/ask.js';
import { el, table } from '#/pages/common/dom.js';
import { actionButton } from './act.js';
import { urlOf } from './links.js';
import { addRows, moreButton, partOf } from './more.js';

const rows = 50;

/** What is held are withdrawals, or values that changed in too many events. */
const words = {
  withdrawals: {
    what: 'withdrawals are held',
    label: 'Approve the withdrawals',
    ask: (events, provider) => `Withdraw ${events} events of ${provider}?`,
    text: 'The next complete feed may then withdraw that many. The events stay searchable; they are no longer listed.',
    done: (provider) => `The withdrawals of ${provider} are approved. The provider is polled now.`,
  },
  values: {
    what: 'changes are held',
    label: 'Approve the changes',
    ask: (events, provider) => `Change ${events} events of ${provider}?`,
    text: 'The next run may then change these values.',
    done: (provider) => `The changes of ${provider} are approved. The provider is polled now.`,
  },
};

export async function heldView(provider, { events, reason, runId }, { signal, again }) {
  const path = `/providers/${encodeURIComponent(provider)}`;
  const listPath = `${path}/held?limit=${rows}`;
  let kind = 'withdrawals';
  const list = await partOf(
    signal,
    async () => {
      const { body } = await ask(listPath, { signal });
      if (body.held === null) kind = 'values';
      return body.held === null ? [] : listOf(body, listPath, signal);
    },
    again,
  );
  const { what, label, ask: question, text, done } = words[kind];
  return el(
    'div',
    { class: 'card' },
    el('h3', {}, `${events} ${what}`),
    el(
      'p',
      {},
      `${reason} `,
      el('a', { href: urlOf('providers', { name: provider, run: runId }) }, `Run ${runId}`),
    ),
    actionButton({
      label,
      title: question(events, provider),
      text,
      path: `${path}/approve`,
      success: done(provider),
      done: again,
    }),
    ...list,
  );
}

function listOf(body, path, signal) {
  if (body.events.length === 0)
    return [el('p', { class: 'soft' }, 'The archive of this host does not list the events.')];
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
