// The providers: their last runs with findings, their quarantine, and held withdrawals.

import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { actionButton, momentOf, timeOf } from './act.js';
import { createExcerpts } from './excerpt.js';
import { heldView } from './held.js';
import { urlOf } from './links.js';

const rowsMax = 200;
const runsShown = 20;

export const [name, title] = ['providers', 'Providers'];

/** The list; with `name` in the URL the runs and the quarantine of that provider, with `run` that run opened. */
export async function show({ signal, query, again }) {
  const { body: all } = await ask('/providers', { signal });
  const wanted = query.get('name');
  if (wanted !== null && Object.hasOwn(all, wanted))
    return oneProvider(wanted, all[wanted], { signal, query, again });
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
          held === null ? '' : `${held.events} events`,
        ];
      }),
    ),
  ];
}

const pathTo = (provider, code = null) => urlOf('providers', { name: provider, code });

async function oneProvider(provider, { held, poll, ask: elsewhere }, given) {
  const { signal, query, again } = given;
  const path = `/providers/${encodeURIComponent(provider)}`;
  const [{ runs }, { quarantine }] = await Promise.all(
    ['runs', 'quarantine'].map(
      async (about) => (await ask(`${path}/${about}?limit=${rowsMax}`, { signal })).body,
    ),
  );
  const waiting = held === null ? null : await heldView(provider, held, given);
  const wanted = Number(query.get('run') ?? runs[0]?.id);
  const shown = runs.filter(({ id }, i) => i < runsShown || id === wanted);
  return [
    el('p', {}, el('a', { href: urlOf('providers') }, '← All providers')),
    el('h2', {}, provider),
    ...(waiting === null ? [] : [waiting]),
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
      : shown.map((run) => runView(provider, run, run.id === wanted, signal))),
    ...(runs.length > 0 && !shown.some(({ id }) => id === wanted)
      ? [el('p', { class: 'card' }, `Run ${wanted} is not among the newest ${rowsMax} runs of ${provider}.`)]
      : []),
    el('h3', {}, 'Quarantine'),
    ...quarantineView(provider, quarantine, query.get('code'), signal),
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

function runView(provider, run, isOpen, signal) {
  const { id, startedAt, endedAt, outcome, code, message, counts, findings } = run;
  const excerpts = createExcerpts(provider, signal);
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
            excerpts.button(one.place === null ? null : { ...one.place, run: id }),
            one.baseId ?? '',
            one.planId ?? '',
            one.message,
          ]),
        ),
    excerpts.shown,
  );
}

function quarantineView(provider, rows, code, signal) {
  const excerpts = createExcerpts(provider, signal);
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
        excerpts.button({ line: row.line, column: row.column, run: row.runId }),
        row.baseId ?? '',
        row.planId ?? '',
        String(row.times),
        timeOf(row.lastSeenAt),
        row.message,
      ]),
    ),
    excerpts.shown,
    ...(rows.length === rowsMax
      ? [el('p', { class: 'soft' }, `Only the newest ${rowsMax} rows are shown.`)]
      : []),
  ];
}
