// The events over time, as bars: one for each hour, day, week, month or year. Each bar is a button that narrows the dates.

import { ask } from '#/pages/common/ask.js';
import { byId, el } from '#/pages/common/dom.js';
import { requestOf } from './state.js';
import { bucketText, eventsText } from './wording.js';

const dayMs = 86_400_000;
const barsMax = 240;

/** The length of a bar that suits these bounds. */
function intervalFor({ starts_at: first, ends_at: last }) {
  if (first === undefined || last === undefined) return 'month';
  const days = (Date.parse(last.slice(0, 10)) - Date.parse(first.slice(0, 10))) / dayMs;
  if (days <= 3) return 'hour';
  return days <= 120 ? 'day' : days <= 900 ? 'week' : 'month';
}

/** Counts the events of the state. Rejects like `ask`. */
export async function countEvents(state, signal) {
  const interval = intervalFor(state);
  const { body } = await ask(requestOf('/events/histogram', state, { interval }), { signal });
  const { buckets, total_rows: total } = body.data;
  return {
    total,
    ...(buckets.length > barsMax && interval === 'month' ? byYear(buckets) : { interval, buckets }),
  };
}

function byYear(months) {
  const years = [];
  for (const { starts_at: startsAt, events } of months) {
    const year = startsAt.slice(0, startsAt.indexOf('-', 1));
    if (years.at(-1)?.year === year) years.at(-1).events += events;
    else years.push({ year, starts_at: startsAt, events });
  }
  return { interval: 'year', buckets: years };
}

/** `narrow` receives the starts of the bar that a person chose and of the next one; null when it is the last. */
export function showStrip({ interval, buckets }, narrow) {
  const most = Math.max(1, ...buckets.map(({ events }) => events));
  const bars = buckets.map(({ starts_at: startsAt, events }, i) => {
    const fill = el('span');
    // At least a line: few events are not none.
    fill.style.height = events === 0 ? '0' : `max(2px, ${(100 * events) / most}%)`;
    const label = `${bucketText(startsAt, interval)}: ${eventsText(events)}`;
    const next = buckets[i + 1]?.starts_at ?? null;
    return el(
      'button',
      {
        type: 'button',
        title: label,
        'aria-label': label,
        tabindex: i === 0 ? 0 : -1,
        onclick: () => narrow(startsAt, next),
      },
      fill,
    );
  });
  const isUseful = buckets.length > 1;
  byId('bars').replaceChildren(
    ...(isUseful
      ? [
          el(
            'div',
            {
              class: 'bars',
              role: 'toolbar',
              'aria-label': `Events per ${interval}; arrow keys move between bars`,
              onkeydown: (event) => move(event, bars),
            },
            ...bars,
          ),
          el(
            'div',
            { class: 'ends', 'aria-hidden': 'true' },
            el('span', {}, bucketText(buckets[0].starts_at, interval)),
            el('span', {}, bucketText(buckets.at(-1).starts_at, interval)),
          ),
        ]
      : []),
  );
}

/** One bar is in the order of the tab key; arrows move from it. */
function move(event, bars) {
  const at = bars.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars.length - 1 }[event.key];
  if (at < 0 || to === undefined || bars[to] === undefined) return;
  event.preventDefault();
  bars[at].tabIndex = -1;
  bars[to].tabIndex = 0;
  bars[to].focus();
}
