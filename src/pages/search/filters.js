// The form of filters: shows a state, and reads the state that a person chose.

import { byId, el } from '#/pages/common/dom.js';
import { boundsOf, dateIn, resolved, zoneOf } from './periods.js';

const plain = ['q', 'match', 'provider', 'available', 'min_price', 'max_price', 'tz'];
const beneath = ['match', 'provider', 'available', 'min_price', 'max_price', 'sort_by'];
const typingMs = 350;

/** `changed` receives the state that the form then has, without an event. */
export function createFilters(changed) {
  const form = byId('filters');
  const more = byId('more');
  const [period, from, to] = ['period', 'from', 'to'].map(byId);
  let shown = {};
  let typing = 0;
  let isComplete = false;
  let isAwaited = false;

  /** Makes the fields that the page has only after its first paint: a browser takes long to make them. */
  function complete() {
    from.type = to.type = 'date';
    more.append(byId('more-filters').content);
    byId('tz').addEventListener('focus', fillZones, { once: true });
    isComplete = true;
  }

  function show(state, nowMs) {
    shown = state;
    if (!isComplete) complete();
    const [order, zone] = ['order', 'tz'].map(byId);
    for (const name of plain) if (document.activeElement !== byId(name)) byId(name).value = state[name] ?? '';
    zone.placeholder = zoneOf({});
    const { starts_at: first = '', ends_at: last = '' } = resolved(state, nowMs);
    from.value = first.slice(0, 10);
    to.value = last.slice(0, 10);
    const isPreset =
      state.period !== undefined && boundsOf(state.period, dateIn(zoneOf(state), nowMs)) !== null;
    period.value = isPreset ? state.period : first + last === '' ? '' : 'custom';
    order.value = [state.sort_by ?? 'start', state.sort_dir ?? '']
      .join(' ')
      .trim()
      .replace(/^start$/, '');
    if (beneath.some((name) => state[name] !== undefined)) more.open = true;
    if (!isAwaited) return;
    isAwaited = false;
    changed(read());
  }

  function read() {
    const state = {};
    for (const name of plain) {
      const value = byId(name).value.trim();
      if (value !== '') state[name] = value;
    }
    const [sortBy = '', direction] = byId('order').value.split(' ');
    if (sortBy !== '') state.sort_by = sortBy;
    if (direction !== undefined) state.sort_dir = direction;
    if (period.value === 'custom') {
      for (const name of ['starts_at', 'ends_at']) if (shown[name] !== undefined) state[name] = shown[name];
    } else if (period.value !== '') state.period = period.value;
    return state;
  }

  /** Until the form shows the state of the URL, reading it would lose that state: what a person chose before waits. */
  function chosen() {
    if (isComplete) changed(read());
    else isAwaited = true;
  }

  /** Dates that a person chose replace a preset. */
  function datesChosen() {
    const state = { ...read(), period: undefined, starts_at: undefined, ends_at: undefined };
    if (from.value !== '') state.starts_at = from.value;
    if (to.value !== '') state.ends_at = to.value;
    changed(state);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    chosen();
  });
  form.addEventListener('change', ({ target }) => {
    clearTimeout(typing);
    if (isComplete && (target === from || target === to)) datesChosen();
    else chosen();
  });
  byId('q').addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(chosen, typingMs);
  });
  byId('reset').addEventListener('click', () => {
    changed({});
    byId('q').focus();
  });

  return { show };
}

function fillZones() {
  byId('zones').append(...Intl.supportedValuesOf('timeZone').map((value) => el('option', { value })));
}

/** Adds the providers of these events to the suggestions. */
export function suggestProviders(events) {
  const list = byId('providers');
  const known = new Set(Array.from(list.children, ({ value }) => value));
  for (const { provider } of events) {
    if (known.has(provider)) continue;
    known.add(provider);
    list.append(el('option', { value: provider }));
  }
}
