// The search page: shows what the query of its URL says, and writes to the URL what a person chooses.

import { adviceFor, ask, credential, freshnessOf, serverMsOf } from '#/pages/common/ask.js';
import { copyFrom, shellWord } from '#/pages/common/copy.js';
import { byId, el, painted } from '#/pages/common/dom.js';
import { describeEvent, eventView, historyView, readEvent, undescribeEvent } from './event.js';
import { createFilters, suggestProviders } from './filters.js';
import { createList } from './list.js';
import { isZoneAtHand, resolved, utcOf, zoneOf } from './periods.js';
import { beyondSearch, isFiltered, pathOf, readState, requestOf } from './state.js';
import { countEvents, showStrip } from './strip.js';
import { countText, eventsText } from './wording.js';

const pageEvents = 50;
const slowMs = 1500;
const [summary, next] = [byId('summary'), byId('next')];
const title = document.title;

const filters = createFilters((state) => go(state));
const list = createList((event) => go({ ...state, event }));
let state = {};
let running = new AbortController();
/** The first paint, of what the page has without this script. The requests are under way meanwhile. */
const framed = painted();
/** Events that are there by then are painted before the form is filled. */
const listFirst = framed.then(painted);
/** The query whose events are in the list; null while there are none. */
let listed = null;

/** Shows another state, and keeps the one before in the history of the tab. */
function go(wanted) {
  const path = pathOf(wanted);
  if (path !== location.pathname + location.search) history.pushState(null, '', path);
  show();
}

function show() {
  state = readState(location.search);
  running.abort();
  running = new AbortController();
  const isEvent = state.event !== undefined;
  byId('results-view').hidden = isEvent;
  byId('event-view').hidden = !isEvent;
  undescribeEvent();
  if (isEvent) void showEvent(running.signal);
  else {
    document.title = state.q === undefined ? title : `${state.q} · ${title}`;
    const query = bounded();
    const path = requestOf('/events', query, { limit: pageEvents });
    if (path !== listed) void showResults(query, path, running.signal);
    void showQuery(query, running.signal);
  }
}

async function showQuery(query, signal) {
  await listFirst;
  if (signal.aborted) return;
  filters.show(state, Date.now());
  showLinks(query);
}

/** What the state asks of the API. The host must know the time zone of the browser, where dates are chosen in it. */
function bounded() {
  const query = { ...resolved(state, Date.now()), event: undefined, period: undefined };
  return { ...query, tz: state.tz ?? zoneOf(state) };
}

/** The list does not wait for the counts, which take longer. */
async function showResults(query, path, signal) {
  listed = null;
  list.busy(true);
  next.hidden = true;
  const slow = setTimeout(() => (summary.textContent = 'This takes longer than usual…'), slowMs);
  // In this order: a worker answers one request after the other.
  const asking = ask(path, { signal });
  const counting = countOrNone(query, signal);
  for (const answer of [asking, counting]) answer.catch(() => undefined);
  try {
    await framed;
    const page = await asking;
    showPage(page, query);
    await painted();
    // The form comes before the bars.
    await listFirst;
    const counts = await counting;
    signal.throwIfAborted();
    if (counts === null) byId('bars').replaceChildren();
    else {
      showStrip(counts, narrow);
      listed = path;
    }
    showSummary(page, counts);
  } catch (failure) {
    if (signal.aborted) return;
    byId('bars').replaceChildren();
    summary.textContent = '';
    list.clear(failureView(failure, show));
  } finally {
    clearTimeout(slow);
    if (!signal.aborted) {
      list.busy(false);
      byId('bars').classList.remove('awaited');
    }
  }
}

function showPage({ body, headers }, query) {
  const { events, next_cursor: cursor } = body.data;
  list.clear(...(events.length === 0 ? [nothing()] : []));
  list.add(events, state);
  list.busy(false);
  suggestProviders(events);
  offerMore(cursor, query);
  showFreshness(headers);
}

function showSummary({ headers, ms }, counts) {
  const total = counts === null ? 'Not counted,' : eventsText(counts.total);
  const hostMs = serverMsOf(headers);
  const time = hostMs === null ? `answered in ${Math.round(ms)} ms` : `found in ${hostMs} ms on the host`;
  summary.replaceChildren(el('strong', {}, total), el('span', { class: 'soft' }, ` ${time}`));
}

/** Null when only the counts fail, such as for too many bars: the list is of use without them. */
const countOrNone = (query, signal) =>
  countEvents(query, signal).catch((failure) => {
    if (signal.aborted) throw failure;
    return null;
  });

function offerMore(cursor, query) {
  next.hidden = cursor === null;
  next.onclick = async () => {
    const { signal } = running;
    next.disabled = true;
    try {
      const path = requestOf('/events', query, { limit: pageEvents, cursor });
      const { body } = await ask(path, { signal });
      const last = byId('list').querySelector('li:last-child');
      list.add(body.data.events, state);
      suggestProviders(body.data.events);
      offerMore(body.data.next_cursor, query);
      // The keyboard continues at the first new event.
      if (next.hidden) last?.querySelector('a')?.focus();
    } catch (failure) {
      if (signal.aborted) return;
      next.hidden = true;
      byId('list').append(failureView(failure, restart));
    } finally {
      next.disabled = false;
    }
  };
}

function restart() {
  listed = null;
  show();
}

/** A bar counts the events that start in it. */
function narrow(startsAt, nextAt) {
  const chosen = { ...state, period: undefined, starts_at: startsAt, ends_at: undefined, match: 'starts' };
  if (nextAt === null) chosen.ends_at = bounded().ends_at;
  else chosen.ends_at = new Date(Date.parse(nextAt) - 1000).toISOString().replace('.000Z', 'Z');
  go(chosen);
  byId('content').focus({ preventScroll: true });
}

async function showEvent(signal) {
  const view = byId('event-view');
  const back = el(
    'a',
    { class: 'back', href: pathOf({ ...state, event: undefined }), onclick: leave },
    '← All events',
  );
  view.replaceChildren(back, el('p', { role: 'status' }, 'Loading the event…'));
  try {
    const { event, headers } = await readEvent(state.event, signal);
    showFreshness(headers);
    document.title = `${event.title} · ${title}`;
    const past = el('div', { 'aria-live': 'polite' }, el('p', { class: 'soft' }, 'Loading its history…'));
    const curl = `curl ${shellWord(`${location.origin}/events/${event.id}`)}`;
    const tools = el(
      'p',
      { class: 'row tools' },
      el(
        'button',
        { type: 'button', class: 'plain', onclick: ({ target }) => copyFrom(target, location.href) },
        'Copy link',
      ),
      el(
        'button',
        { type: 'button', class: 'plain', onclick: ({ target }) => copyFrom(target, curl) },
        'Copy as curl',
      ),
      el('a', { href: `/events/${event.id}` }, 'As JSON'),
      el('a', { href: `/events/${event.id}.ics` }, 'Add to a calendar'),
    );
    const article = eventView(event, state);
    view.replaceChildren(back, el('div', { class: 'card' }, article, el('h3', {}, 'History'), past, tools));
    article.querySelector('h2').focus();
    // Programs read it; a person misses nothing without it.
    void describeEvent(event.id, signal).catch(() => undefined);
    const rows = await historyView(state.event, state, signal).catch((failure) => [
      failureView(failure, show),
    ]);
    if (!signal.aborted) past.replaceChildren(...rows);
  } catch (failure) {
    if (!signal.aborted) view.replaceChildren(back, failureView(failure, show));
  }
}

function leave(click) {
  click.preventDefault();
  const { event } = state;
  go({ ...state, event: undefined });
  byId('list')
    .querySelector(`a[href*="${CSS.escape(event)}"]`)
    ?.focus();
}

const goButton = (wanted, text) => el('button', { type: 'button', onclick: () => go(wanted) }, text);

function nothing() {
  const without = (...names) =>
    Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));
  const isDated = ['period', 'starts_at', 'ends_at'].some((name) => state[name] !== undefined);
  return el(
    'div',
    { class: 'card' },
    el('h2', {}, isFiltered(state) ? 'No event matches' : 'The catalogue is empty'),
    el(
      'p',
      {},
      isFiltered(state)
        ? 'Try other dates or fewer filters.'
        : 'No provider has sent an event yet. The page shows them once the first feed is read.',
    ),
    el(
      'p',
      { class: 'row' },
      isDated ? goButton(without('period', 'starts_at', 'ends_at', 'match'), 'Search all dates') : null,
      state.q === undefined ? null : goButton(without('q'), `Without “${state.q}”`),
      isFiltered(state) ? goButton({}, 'Clear all filters') : goButton({}, 'Try again'),
    ),
  );
}

function failureView(failure, again) {
  const own =
    failure.code === 'event_unknown' ? 'No event has this id.' : failure.message || 'The page has failed.';
  const isLocked = failure.status === 401;
  const entry = el('input', {
    id: 'credential',
    type: 'password',
    autocomplete: 'off',
    'aria-label': 'Key or token',
  });
  const enter = (event) => {
    event.preventDefault();
    credential.set(entry.value.trim());
    restart();
  };
  return el(
    'div',
    { class: 'card', role: 'alert' },
    el(
      'h2',
      {},
      isLocked
        ? 'This host needs a key'
        : failure.status === 400
          ? 'This search cannot be read'
          : 'Something went wrong',
    ),
    el('p', {}, own, ' ', adviceFor(failure)),
    isLocked
      ? el('form', { class: 'row', onsubmit: enter }, entry, el('button', { class: 'main' }, 'Use this key'))
      : el('button', { type: 'button', onclick: () => ((listed = null), again()) }, 'Try again'),
  );
}

function showFreshness(headers) {
  const { version, ageSeconds, isStale, isPinned } = freshnessOf(headers);
  if (version === null) return;
  const age =
    ageSeconds === null
      ? 'not confirmed yet'
      : ageSeconds < 60
        ? `confirmed ${ageSeconds} s ago`
        : `confirmed ${Math.round(ageSeconds / 60)} min ago`;
  byId('freshness').replaceChildren(
    `Catalogue ${countText(version)}, ${age} `,
    ...(isStale ? [el('span', { class: 'badge warn' }, 'May be old')] : []),
    ...(isPinned ? [el('span', { class: 'badge warn' }, 'Pinned by an operator')] : []),
  );
}

function showLinks(query) {
  const path = requestOf('/events', query);
  byId('copy-link').onclick = ({ target }) =>
    copyFrom(target, location.origin + pathOf({ ...state, tz: query.tz }));
  byId('copy-curl').onclick = ({ target }) => copyFrom(target, `curl ${shellWord(location.origin + path)}`);
  const bounds = new URLSearchParams();
  if (query.starts_at !== undefined) bounds.set('starts_at', utcOf(query.starts_at, false, query.tz));
  if (query.ends_at !== undefined) bounds.set('ends_at', utcOf(query.ends_at, true, query.tz));
  byId('as-search').href = `/search${bounds.size === 0 ? '' : `?${bounds}`}`;
  const beyond = beyondSearch(query);
  byId('as-search-note').textContent =
    beyond.length === 0 ? '' : 'has the dates only: /search has no other filters';
  showSubscription(query);
}

/** For a calendar program, which asks again by itself. It can send no key. */
function showSubscription(query) {
  const link = byId('subscribe');
  link.href = `webcal://${location.host}${requestOf('/events.ics', query)}`;
  link.hidden = credential.get() !== null;
  byId('subscribe-note').textContent =
    link.hidden || state.period === undefined
      ? ''
      : 'keeps these dates: a calendar does not move on with a preset';
}

addEventListener('popstate', show);
// What delays the first paint waits for it. The frame of an event is not in the page, so nothing of it would be painted.
const { event, period } = readState(location.search);
if (event !== undefined || (period === undefined && isZoneAtHand)) show();
else void framed.then(show);
