// The overview: the state of this host, its processes, who leads, and what needs an operator.

import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { actionButton } from './act.js';
import { urlOf } from './links.js';

export const [name, title] = ['', 'Overview'];

export async function show({ signal, again }) {
  const { body: status } = await ask('/status', { signal });
  return [
    el('h2', {}, 'Overview'),
    needs(status, again),
    el('div', { class: 'card' }, facts(status)),
    el('h2', {}, 'Processes'),
    processes(status),
    el(
      'p',
      {},
      actionButton({
        label: 'Reload the configuration',
        title: 'Reload the configuration?',
        text: 'This host reads its configuration again, and replaces its processes one after the other. No request is lost.',
        path: '/reload',
        success: 'The configuration is reloaded.',
        done: again,
      }),
    ),
  ];
}

function needs({ ingest, providers, stale, pinned, workers }, again) {
  const held = Object.entries(providers).filter(([, { held: one }]) => one !== null);
  const troubles = [
    ...Object.entries(ingest?.troubles ?? {}),
    ...workers.flatMap(({ troubles: own }) => Object.entries(own)),
  ];
  const lines = [
    ...troubles.map(([source, text]) => el('li', {}, el('strong', {}, source), `: ${text}`)),
    ...held.map(([provider, { held: waiting }]) =>
      el(
        'li',
        {},
        `The changes of ${waiting.events} events of ${provider} are held. `,
        el('a', { href: urlOf('providers', { name: provider }) }, 'Decide'),
      ),
    ),
    ...(stale ? [el('li', {}, 'The snapshot store is out of reach: the catalogue may be old.')] : []),
    ...(pinned
      ? [el('li', {}, 'An operator pinned the version. ', el('a', { href: urlOf('versions') }, 'Versions'))]
      : []),
  ];
  if (lines.length === 0) return el('p', { class: 'card good' }, 'Nothing needs an operator.');
  return el(
    'div',
    { class: 'card' },
    el('h3', {}, 'What needs an operator'),
    el('ul', {}, ...lines),
    ingest?.troubles.held === undefined
      ? null
      : actionButton({
          label: 'Approve the held publish',
          title: 'Approve the held publish?',
          text: 'The events that this archive does not have leave the catalogue. This cannot be undone from here.',
          path: '/snapshots/approve',
          success: 'The held publish is approved.',
          done: again,
        }),
  );
}

const facts = ({
  state,
  ready,
  version,
  events,
  announced,
  leader,
  uptimeSeconds,
  ageSeconds,
  connectionsMax,
}) =>
  pairs([
    ['State', state],
    ['Ready', ready ? 'yes' : 'no'],
    ['Version served', version],
    ['Version announced', announced ?? 'none'],
    ['Events', events.toLocaleString('en-GB')],
    ['Loaded', ageSeconds === null ? 'never' : `${ageSeconds} s ago`],
    ['Leader', leader === null ? 'none' : `${leader.host}${leader.here ? ', this host' : ''}`],
    ['Up for', `${uptimeSeconds} s`],
    ['Connections per worker', connectionsMax],
  ]);

const processes = ({ workers, ingest }) =>
  table(
    'Processes',
    ['Process', 'Pid', 'Ready', 'Version', 'Restarts', 'Memory', 'Loop delay', 'Refused requests'],
    [
      ...workers.map((worker) => [`API worker ${worker.slot}`, worker]),
      ...(ingest === null ? [] : [['Ingest', ingest]]),
    ].map(([process, { pid, ready, version, restarts, rssMegabytes, loopDelayMs, refusedRequests }]) =>
      [
        process,
        pid ?? 'none',
        ready ? 'yes' : 'no',
        version ?? '',
        restarts,
        unit(rssMegabytes, 'MB'),
        unit(loopDelayMs, 'ms'),
        refusedRequests ?? '',
      ].map(String),
    ),
  );

const unit = (value, symbol) => (value === null ? 'unknown' : `${value} ${symbol}`);
