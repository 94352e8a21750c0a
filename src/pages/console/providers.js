// The providers: their last runs with findings, their quarantine, and held withdrawals.

import { ask } from '/pages/ask.js';
import { el, pairs, table } from '/pages/dom.js';
import { actionButton, momentOf, timeOf } from './act.js';
import { urlOf } from './links.js';

const rowsMax = 200;

export const [name, title] = ['providers', 'Providers'];

/** The list; with `name` in the URL the runs and the quarantine of that provider. */
export async function show({ signal, query, again }) {
  const { body: all } = await ask('/providers', { signal });
  const wanted = query.get('name');
  if (wanted !== null && Object.hasOwn(all, wanted))
    return oneProvider(wanted, all[wanted], signal, again, query.get('code'));
  const names = Object.keys(all);
  if (names.length === 0)
    return [el('h2', {}, 'Providers'), el('p', { class: 'card' }, 'No provider is configured.')];
  return [
    el('h2', {}, 'Providers'),
    table(
      'Providers',
      ['Provider', 'Last run', 'Outcome', 'Next poll', 'Breaker', 'Quarantined', 'Held'],
      names.map((one) => {
        const { lastRun, quarantined, held, poll, ask: elsewhere } = all[one];
        return [
          el('a', { href: pathTo(one) }, one),
          elsewhere === undefined ? timeOf(lastRun?.startedAt) : `ask ${elsewhere}`,
          lastRun === null ? '' : (lastRun.outcome ?? 'running'),
          poll === null ? '' : nextOf(poll),
          poll?.breaker ?? '',
          String(quarantined),
          held === null ? '' : `${held.events} withdrawals`,
        ];
      }),
    ),
  ];
}

const pathTo = (provider, code = null) => urlOf('providers', { name: provider, code });

async function oneProvider(provider, { held, poll, ask: elsewhere }, signal, again, code) {
  const path = `/providers/${encodeURIComponent(provider)}`;
  const [{ runs }, { quarantine }] = await Promise.all(
    ['runs', 'quarantine'].map(
      async (about) => (await ask(`${path}/${about}?limit=${rowsMax}`, { signal })).body,
    ),
  );
  return [
    el('p', {}, el('a', { href: urlOf('providers') }, '← All providers')),
    el('h2', {}, provider),
    ...(held === null ? [] : [heldView(provider, held, path, again)]),
    el(
      'div',
      { class: 'card' },
      pairs([
        ['Next poll', poll === null ? null : nextOf(poll)],
        ['Breaker', poll?.breaker],
        ['Failures in a row', poll?.failures],
      ]),
      elsewhere === undefined ? null : el('p', {}, `Another host leads: ${elsewhere}.`),
      runButton(provider, path, poll, again),
    ),
    el('h3', {}, 'Runs'),
    ...(runs.length === 0
      ? [el('p', { class: 'soft' }, 'No run yet.')]
      : runs.slice(0, 20).map((run, i) => runView(run, i === 0))),
    el('h3', {}, 'Quarantine'),
    ...quarantineView(provider, quarantine, code),
  ];
}

const nextOf = ({ nextRunAt }) => (nextRunAt === null ? 'runs now' : timeOf(nextRunAt));

const runButton = (provider, path, poll, again) =>
  actionButton({
    label: 'Run this provider now',
    title: `Run ${provider} now?`,
    text: `${poll?.breaker === 'open' ? 'Its breaker is open, since it failed repeatedly. ' : ''}Its feed is requested at once, whatever its schedule says.`,
    path: `${path}/run`,
    success: `A run of ${provider} is due now.`,
    done: again,
  });

const heldView = (provider, { events, reason }, path, again) =>
  el(
    'div',
    { class: 'card' },
    el('h3', {}, `${events} withdrawals are held`),
    el('p', {}, reason),
    actionButton({
      label: 'Approve the withdrawals',
      title: `Withdraw ${events} events of ${provider}?`,
      text: 'The next complete feed may then withdraw that many. The events stay searchable; they are no longer listed.',
      path: `${path}/approve`,
      success: `The withdrawals of ${provider} are approved. The provider is polled now.`,
      done: again,
    }),
  );

const placeText = (place) => (place === null ? '' : `line ${place.line}, column ${place.column}`);

function runView({ id, startedAt, endedAt, outcome, code, message, counts, findings }, isOpen) {
  const seconds = endedAt === null ? '' : `, ${((endedAt - startedAt) / 1000).toFixed(1)} s`;
  return el(
    'details',
    { class: 'card', open: isOpen },
    el('summary', {}, `Run ${id}: ${outcome ?? 'running'}, ${momentOf(startedAt)}${seconds}`),
    message === null ? null : el('p', { class: 'bad' }, `${code}: ${message}`),
    pairs(Object.entries(counts).map(([what, number]) => [what, String(number)])),
    findings.length === 0
      ? null
      : table(
          `Findings of run ${id}`,
          ['Severity', 'Code', 'Times', 'First place', 'Base', 'Plan', 'Message'],
          findings.map((one) => [
            one.severity,
            one.code,
            String(one.times),
            placeText(one.place),
            one.baseId ?? '',
            one.planId ?? '',
            one.message,
          ]),
        ),
  );
}

function quarantineView(provider, rows, code) {
  const codes = [...new Set(rows.map((row) => row.code))].toSorted((a, b) => a.localeCompare(b));
  const shown = code === null ? rows : rows.filter((row) => row.code === code);
  if (rows.length === 0) return [el('p', { class: 'soft' }, 'Nothing is in quarantine.')];
  const link = (text, wanted) =>
    el(
      'a',
      {
        class: 'button',
        href: pathTo(provider, wanted),
        'aria-current': wanted === code ? 'true' : null,
      },
      text,
    );
  return [
    el('p', { class: 'row' }, link(`All (${rows.length})`, null), ...codes.map((one) => link(one, one))),
    table(
      'Quarantine',
      ['Code', 'Place', 'Base', 'Plan', 'Times', 'Last seen', 'Message'],
      shown.map((row) => [
        row.code,
        placeText(row),
        row.baseId ?? '',
        row.planId ?? '',
        String(row.times),
        timeOf(row.lastSeenAt),
        row.message,
      ]),
    ),
    ...(rows.length === rowsMax
      ? [el('p', { class: 'soft' }, `Only the newest ${rowsMax} rows are shown.`)]
      : []),
  ];
}
