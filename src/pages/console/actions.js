// What operators did on this host.

import { ask } from '#/pages/common/ask.js';
import { el, table } from '#/pages/common/dom.js';
import { timeOf } from './act.js';

const rowsMax = 200;

export const [name, title] = ['actions', 'Actions'];

export async function show({ signal }) {
  const { body } = await ask(`/actions?limit=${rowsMax}`, { signal });
  return [
    el('h2', {}, 'Actions of operators'),
    body.actions.length === 0
      ? el('p', { class: 'card' }, 'No action is recorded on this host.')
      : table(
          'Actions',
          ['When', 'Request', 'Answer', 'By', 'From'],
          body.actions.map(({ at, by, from, method, path, status }) => [
            timeOf(Date.parse(at)),
            `${method} ${path}`,
            status === 0 ? 'connection closed' : String(status),
            by,
            from,
          ]),
        ),
    ...(body.actions.length === rowsMax
      ? [el('p', { class: 'soft' }, `Only the newest ${rowsMax} actions are shown.`)]
      : []),
  ];
}
