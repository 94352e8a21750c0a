// Lists that come in pages, and parts of a view that may fail alone.

import { adviceFor, ask } from '#/pages/common/ask.js';
import { el } from '#/pages/common/dom.js';

/** The host needs a key, or another one: then the whole view is replaced by the field for it. */
export const needsKey = ({ status, code }) => status === 401 || code === 'scope_missing';

/** Resolves with the elements of `read`; when it fails, with a card that says why, so that the rest of the view stays. */
export async function partOf(signal, read, again) {
  try {
    return await read();
  } catch (failure) {
    if (signal.aborted || needsKey(failure)) throw failure;
    return [
      el(
        'div',
        { class: 'card', role: 'alert' },
        el('p', { class: 'bad' }, `${failure.message} ${adviceFor(failure)}`),
        failure.status === 0 || failure.status >= 500
          ? el('button', { type: 'button', onclick: again }, 'Try again')
          : null,
      ),
    ];
  }
}

/** Adds rows to a table that `table` of dom.js made. */
export const addRows = (place, rows) =>
  place
    .querySelector('tbody')
    .append(...rows.map((cells) => el('tr', {}, ...cells.map((cell) => el('td', {}, cell)))));

/**
 * A button that adds the next page; nothing when `first`, the body of the first page, is the last one. `path`: of the first page,
 * with a query. `add` receives the body of each page. `next`: where the focus goes when the last page was added.
 */
export function moreButton({ label, path, first, signal, add, next }) {
  if (first.next_cursor === null) return [];
  let cursor = first.next_cursor;
  const outcome = el('p', { role: 'status', class: 'bad' });
  const load = async () => {
    button.disabled = true;
    outcome.textContent = '';
    try {
      const { body } = await ask(`${path}&cursor=${encodeURIComponent(cursor)}`, { signal });
      add(body);
      cursor = body.next_cursor;
    } catch (failure) {
      if (signal.aborted) return;
      outcome.textContent = `${failure.message} ${adviceFor(failure)}`;
    }
    button.disabled = false;
    if (cursor === null) {
      button.remove();
      next.focus();
    } else button.focus();
  };
  const button = el('button', { type: 'button', onclick: () => void load() }, label);
  return [el('p', {}, button), outcome];
}
