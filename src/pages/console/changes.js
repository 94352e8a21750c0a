// One event across all versions: each change with the run that saw it, the version that published it, and before and after.

import { changeKinds } from '#/pages/common/kinds.js';
import { ask } from '#/pages/common/ask.js';
import { el, pairs, table } from '#/pages/common/dom.js';
import { timeOf } from './act.js';
import { urlOf } from './links.js';
import { moreButton } from './more.js';
import { changeCells } from './values.js';

const rows = 20;
const listings = {
  listed: 'in its feed',
  missing: 'not in its feed, not withdrawn yet',
  withdrawn: 'left its feed',
};

export async function changesView(id, signal) {
  const path = `/events/${encodeURIComponent(id)}/history?limit=${rows}`;
  const { body } = await ask(path, { signal });
  const { provider } = body;
  const viewOf = (change) => changeView(provider, change);
  const list = el('ol', { class: 'changes', tabindex: '-1' }, ...body.changes.map(viewOf));
  return [
    el(
      'div',
      { class: 'card' },
      pairs([
        ['Provider', el('a', { href: urlOf('providers', { name: provider }) }, provider)],
        ['Base and plan', `${body.base_id} / ${body.plan_id}`],
        ['Listing', listings[body.listing] ?? body.listing],
        ['In the search', body.searchable ? 'yes' : 'no: never online'],
      ]),
      el('p', {}, el('a', { href: urlOf('explain', { id }) }, 'Why is it not found?')),
    ),
    list,
    ...moreButton({
      label: 'Show earlier changes',
      path,
      first: body,
      signal,
      add: (page) => list.append(...page.changes.map(viewOf)),
      next: list,
    }),
  ];
}

function changeView(provider, { seq, at, run, kind, version, before, after }) {
  const fields = Object.keys(after);
  const list =
    before === null
      ? table(
          `First values, change ${seq}`,
          ['Field', 'Value'],
          fields.map((name) => [name, changeCells(name, null, after[name])[2].textContent]),
        )
      : table(
          `Change ${seq}`,
          ['Field', 'Before', 'After'],
          fields.map((name) => changeCells(name, before[name], after[name])),
        );
  return el(
    'li',
    {},
    el('strong', {}, changeKinds[kind] ?? kind),
    ' ',
    timeOf(Date.parse(at)),
    ' ',
    el(
      'span',
      { class: 'soft' },
      'in ',
      el('a', { href: urlOf('providers', { name: provider, run }) }, `run ${run}`),
      version === null ? ', not published yet' : `, published in version ${version}`,
    ),
    fields.length === 0 ? null : list,
  );
}
