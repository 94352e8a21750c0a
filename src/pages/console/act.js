// Actions of the operator: asked about first, carried out, and reported.

import { adviceFor, ask } from '#/pages/common/ask.js';
import { byId, el } from '#/pages/common/dom.js';

/** Resolves with whether the operator confirms. `yes`: the text of the button. */
export function confirmed(title, text, yes) {
  const dialog = byId('confirm');
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  byId('confirm-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  byId('confirm-no').focus();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}

/** A button that asks, sends the request, reports the outcome, and calls `done`. */
export function actionButton({ label, title, text, method = 'POST', path, success, done }) {
  const act = async () => {
    if (!(await confirmed(title, text, label))) return;
    button.disabled = true;
    try {
      await ask(path, { method });
      report(success);
    } catch (failure) {
      report(`${failure.message} ${adviceFor(failure)}`, true);
    }
    button.disabled = false;
    done();
  };
  const button = el('button', { type: 'button', class: 'plain', onclick: act }, label);
  return button;
}

/** Shown above the view, and read to screen readers. */
export function report(text, isBad = false) {
  const outcome = byId('outcome');
  outcome.className = `card ${isBad ? 'bad' : 'good'}`;
  outcome.textContent = text;
}

export const momentOf = (ms) =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');

/** For cells and pairs: it stays on one line. */
export const timeOf = (ms) =>
  ms === null || ms === undefined
    ? 'never'
    : el('time', { datetime: new Date(ms).toISOString() }, momentOf(ms));
