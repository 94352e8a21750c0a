// The console of the admin port: shows the view that its URL names.

import { adviceFor, ask, credential } from '#/pages/common/ask.js';
import { byId, el, painted } from '#/pages/common/dom.js';
import { urlOf } from './links.js';
import { needsKey } from './more.js';
import { views } from './views.js';

const stateMs = 5000;
const view = byId('view');
const forget = byId('forget');
let running = new AbortController();

byId('views').replaceChildren(
  ...views.map(({ name, title }) => el('a', { href: urlOf(name), 'data-view': name }, title)),
);

function go(path) {
  history.pushState(null, '', path);
  byId('outcome').textContent = '';
  void show();
}

async function show() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const query = new URLSearchParams(location.search);
  const shown = views.find(({ name }) => name === query.get('view')) ?? views[0];
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === shown.name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  forget.hidden = credential.get() === null;
  view.setAttribute('aria-busy', 'true');
  try {
    const parts = await shown.show({ signal, query, again: show, go });
    if (signal.aborted) return;
    view.replaceChildren(...parts);
    document.title = `${view.querySelector('h2').textContent} · Marquee console`;
  } catch (failure) {
    if (signal.aborted) return;
    view.replaceChildren(failureView(failure));
  }
  view.setAttribute('aria-busy', 'false');
  void showState();
}

function failureView(failure) {
  const isLocked = needsKey(failure);
  const entry = el('input', {
    id: 'credential',
    type: 'password',
    autocomplete: 'off',
    'aria-label': 'Key or token',
  });
  const enter = (event) => {
    event.preventDefault();
    credential.set(entry.value.trim());
    void show();
  };
  return el(
    'div',
    { class: 'card', role: 'alert' },
    el('h2', {}, isLocked ? 'This console needs a key' : 'Something went wrong'),
    el('p', {}, failure.message, ' ', adviceFor(failure)),
    isLocked
      ? el('form', { class: 'row', onsubmit: enter }, entry, el('button', { class: 'main' }, 'Use this key'))
      : el('button', { type: 'button', onclick: () => void show() }, 'Try again'),
  );
}

/** The line at the top follows the host; the view changes only when the operator asks, so that nothing moves under a click. */
async function showState() {
  const state = byId('state');
  try {
    const { body } = await ask('/status');
    state.textContent = `${body.state}, ${body.ready ? 'ready' : 'not ready'}, version ${body.version}`;
  } catch (failure) {
    state.textContent = needsKey(failure) ? '' : failure.message;
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname !== '/' || url.hash !== '') return;
  event.preventDefault();
  go(url.pathname + url.search);
  byId('content').focus();
});
forget.addEventListener('click', () => {
  credential.clear();
  void show();
});
addEventListener('popstate', () => void show());
setInterval(() => document.hidden || void showState(), stateMs);
void painted().then(show);
