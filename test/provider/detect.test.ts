// Detection of the format of a feed by its start.

import test from 'ava';
import { FeedFault } from '#/provider/fault.ts';
import { openFeed } from '#/provider/feed.ts';
import { detectFormat } from '#/provider/formats/formats.ts';
import type { FormatName, Provider } from '#/provider/provider.ts';

const limits = { recordBytesMax: 1e6 } as Provider['limits'];

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += chunkBytes) yield bytes.subarray(i, i + chunkBytes);
}

/** The format of a feed and its number of records. */
async function opened(feed: string | Uint8Array, chunkBytes = 65_536): Promise<[FormatName, number]> {
  const chunks = inChunks(Buffer.from(feed as string), chunkBytes);
  const { format, batches } = await openFeed({ chunks, contentType: '' }, { format: 'auto', limits });
  let records = 0;
  for await (const batch of batches) records += batch.records.length;
  return [format, records];
}

const begins: Record<string, FormatName | null> = {
  '<planList>': 'plan-list-xml',
  '<eventList version="1.0">': 'event-list-xml',
  '<?xml version="1.0"?>\n<!-- a note -->\n<planList/>': 'plan-list-xml',
  '<?gen x -> y?><planList>': 'plan-list-xml',
  '<!DOCTYPE eventList SYSTEM "a>b"><eventList>': 'event-list-xml',
  '<p:planList xmlns:p="urn:x">': 'plan-list-xml',
  '<constructor>': null,
  '{"baseId":"1"}': 'ndjson',
  ' \r\n\t{"title":"x","planId" :': 'ndjson',
  '{': null,
  '{"error":"quota exceeded"}': null,
  '[{"baseId":"1"}]': null,
  '{"@context":"https://schema.org","@type":"Event"}': 'jsonld',
  '[\n{"@type":["http://schema.org/Event"]': 'jsonld',
  '[{"@type":"Event"': null,
  '<html>': null,
  '<planLists>': null,
  '<planList': null,
  'x {': null,
  '"{"': null,
  '': null,
};

test('a format is detected by its root element, or by the names of a JSON object', (t) => {
  for (const [head, format] of Object.entries(begins)) t.is(detectFormat(head), format, head);
});

test('an unexpected root after thousands of comments is reported at once', (t) => {
  t.is(detectFormat(`${'<!---->'.repeat(9000)}x`), null);
});

test('no byte that was read for the detection is lost, however small the chunks', async (t) => {
  const xml = '<?xml version="1.0"?><planList><output><base_plan/><base_plan/></output></planList>';
  for (const chunkBytes of [1, 2, 3, 300, 65_536]) {
    t.deepEqual(await opened(xml, chunkBytes), ['plan-list-xml', 2]);
    t.deepEqual(await opened(' [{"@context":"https://schema.org"},{"a":1}]', chunkBytes), ['jsonld', 2]);
    t.deepEqual(await opened('\n\n{"baseId":1}\n{"b":2}', chunkBytes), ['ndjson', 2]);
  }
});

test('a format is detected with a byte order mark and in other character sets', async (t) => {
  t.deepEqual(await opened('\u{feff}{"baseId":1}\n'), ['ndjson', 1]);
  t.deepEqual(await opened(Buffer.from('[{"@context":"https://schema.org"}]', 'utf16le')), ['jsonld', 1]);
  t.deepEqual(await opened(Buffer.from('\u{feff}{"baseId":1}\n', 'utf16le')), ['ndjson', 1]);
});

test('an unknown format is refused with its root, and an empty body as empty', async (t) => {
  const code = async (feed: string): Promise<string | undefined> =>
    (await t.throwsAsync(opened(feed), { instanceOf: FeedFault }))?.code;
  t.is(await code('<html><body>Sorry'), 'root_unexpected');
  t.is(await code('Service unavailable'), 'root_unexpected');
  t.is(await code(' '.repeat(70_000)), 'root_unexpected');
  t.is(await code(''), 'feed_empty');
});
