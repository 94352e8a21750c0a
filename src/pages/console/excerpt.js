// The lines of a kept feed around a place: what a finding or a row of the quarantine is about.

import { adviceFor, ask } from '#/pages/common/ask.js';
import { el } from '#/pages/common/dom.js';
import { partOf } from './more.js';

/** Characters in front of the place. */
const shownBefore = 24;

const pathOf = (provider, { line, column, run }) =>
  `/providers/${encodeURIComponent(provider)}/excerpt?${new URLSearchParams({ run, line, column })}`;

export const placeText = ({ line, column }) => `line ${line}, column ${column}`;

/** Resolves with the elements. `place`: line, column, and the run that read the feed. */
export const excerptOf = (provider, place, signal, again) =>
  partOf(signal, async () => view((await ask(pathOf(provider, place), { signal })).body), again);

function view({ run, exact, line, column, lines, marked }) {
  const width = String(lines.at(-1).line).length;
  const caretAt = marked.split('\n').at(-1).length - 1;
  const source = run === null ? 'a kept feed' : `the feed of run ${run}`;
  return [
    el(
      'p',
      { class: 'soft' },
      `From ${source}${exact ? '' : ', the last that is kept before'}. The caret is below line ${line}, column ${column}.`,
    ),
    el(
      'div',
      {
        class: 'scroll',
        tabindex: '0',
        role: 'region',
        'aria-label': `Excerpt at ${placeText({ line, column })}`,
      },
      el(
        'pre',
        {},
        ...lines.flatMap((one) => {
          const start = `${String(one.line).padStart(width)} │ `;
          const end = `${one.cut ? '…' : ''}\n`;
          if (one.line !== line) return `${start}${one.from > 1 ? '…' : ''}${one.text}${end}`;
          // The place stays within a narrow screen.
          const from = Math.max(0, caretAt - shownBefore);
          const left = one.from > 1 || from > 0 ? '…' : '';
          // A tab is as wide below as above.
          const below = one.text.slice(from, caretAt).replaceAll(/[^\t]/g, ' ');
          const indent = ' '.repeat(start.length + left.length);
          return [start + left, el('mark', {}, one.text.slice(from)), `${end}${indent}${below}^\n`];
        }),
      ),
    ),
  ];
}

/** Buttons for places, and where the excerpt of the pressed one is shown. */
export function createExcerpts(provider, signal) {
  const shown = el('div', { tabindex: '-1' });
  let pressed = null;

  async function toggle(button, place) {
    pressed?.setAttribute('aria-expanded', 'false');
    if (pressed === button) {
      pressed = null;
      shown.replaceChildren();
      return;
    }
    pressed = button;
    button.setAttribute('aria-expanded', 'true');
    shown.replaceChildren(el('p', { class: 'soft', role: 'status' }, 'Loading the kept feed…'));
    let parts;
    try {
      parts = await excerptOf(provider, place, signal, () => {
        pressed = null;
        void toggle(button, place);
      });
    } catch (failure) {
      if (signal.aborted) return;
      parts = [el('p', { class: 'bad', role: 'alert' }, `${failure.message} ${adviceFor(failure)}`)];
    }
    if (pressed !== button) return;
    shown.replaceChildren(...parts);
    shown.scrollIntoView({ block: 'nearest' });
    (shown.querySelector('.scroll') ?? shown).focus();
  }

  return {
    shown,
    /** `place`: null where it is not known. */
    button(place) {
      if (place === null) return '';
      const own = el(
        'button',
        { type: 'button', class: 'plain', 'aria-expanded': 'false', onclick: () => void toggle(own, place) },
        placeText(place),
      );
      return own;
    },
  };
}
