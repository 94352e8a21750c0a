// The bytes and events of a version: by provider, and by segment.

import { ask } from '#/pages/common/ask.js';
import { el, table } from '#/pages/common/dom.js';
import { addRows, moreButton } from './more.js';
import { barOf, bytesText, countText } from './values.js';

const rows = 50;

export async function sizesView(version, signal, again) {
  const path = `/snapshots/${encodeURIComponent(version)}/segments?limit=${rows}`;
  const { body } = await ask(path, { signal });
  const { segments, segment_count: all, counted_segments: counted } = body;
  if (all === 0) return [el('p', { class: 'card' }, `Version ${body.version} has no events.`)];
  const largest = Math.max(...segments.map(({ bytes }) => bytes));
  const rowOf = (segment) => segmentRow(segment, largest);
  const list = table(
    'Segments',
    ['Segment', 'Bytes', 'Events', 'First start', 'Last start', 'Events by provider'],
    segments.map(rowOf),
  );
  return [
    el(
      'p',
      { role: 'status' },
      `Version ${body.version}: ${countText(body.events)} events, ${bytesText(body.bytes)}, ${countText(all)} ${all === 1 ? 'segment' : 'segments'}.`,
    ),
    el('h3', {}, 'By provider'),
    ...(counted < all
      ? [
          el(
            'p',
            { class: 'soft' },
            `${countText(counted)} of ${countText(all)} segments are counted so far.`,
          ),
          el('button', { type: 'button', onclick: again }, 'Count the others'),
        ]
      : []),
    providersTable(body.providers),
    el('h3', {}, 'By segment'),
    list,
    ...moreButton({
      label: 'Show more segments',
      path,
      first: body,
      signal,
      add: (page) => addRows(list, page.segments.map(rowOf)),
      next: list,
    }),
  ];
}

function providersTable(providers) {
  const shares = Object.entries(providers).toSorted(([, a], [, b]) => b.bytes - a.bytes);
  const total = shares.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return table(
    'Providers of the version',
    ['Provider', 'Bytes of answers', 'Share', 'Events'],
    shares.map(([provider, { bytes, events }]) => [
      provider,
      barOf(bytes, total, bytesText(bytes)),
      `${((100 * bytes) / Math.max(1, total)).toFixed(1)} %`,
      countText(events),
    ]),
  );
}

const segmentRow = (
  { key, hash, bytes, events, first_starts_at: first, last_starts_at: last, providers },
  largest,
) => [
  el('span', { title: hash }, key),
  barOf(bytes, largest, bytesText(bytes)),
  countText(events),
  first.replace('T', ' '),
  last.replace('T', ' '),
  providers === null
    ? 'not counted yet'
    : Object.entries(providers)
        .map(([provider, share]) => `${provider} ${countText(share.events)}`)
        .join(', '),
];
