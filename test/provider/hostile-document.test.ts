// Documents that are not a feed, or that have something else around one.

import test from 'ava';
import { feed, feedOf, record } from '../_support/feeds.ts';
import { first, knownBases, knownLine, last, saying } from './_line.ts';

const none: Record<string, [body: string, code: string]> = {
  'an HTML page': [
    '<!DOCTYPE html>\n<html><body><h1>Scheduled maintenance</h1></body></html>',
    'root_unexpected',
  ],
  'an HTML page without a doctype': ['<html><body><p>Log in, please<br></body></html>', 'root_unexpected'],
  'an empty body': ['', 'feed_empty'],
  blanks: [' \n\t\r\n', 'root_unexpected'],
  'plain text': ['upstream connect error or disconnect/reset before headers', 'root_unexpected'],
  'a JSON text': ['"quota exceeded"', 'root_unexpected'],
  'another XML document': ['<?xml version="1.0"?><rss version="2.0"><channel/></rss>', 'root_unexpected'],
  'a root with a name like ours': [feed(knownBases).replaceAll('planList', 'planLists'), 'root_unexpected'],
  'records without a root': [knownBases.map((one) => record(one)).join('\n'), 'root_unexpected'],
  'a prolog and nothing else': ['<?xml version="1.0" encoding="UTF-8"?>\n', 'root_unexpected'],
  'text before the root': [`Warning: mysql_connect()\n${feed(knownBases)}`, 'root_unexpected'],
  'zero bytes': ['\0'.repeat(5000), 'root_unexpected'],
};

for (const [what, [body, code]] of Object.entries(none)) {
  test(`${what} with status 200 fails the run`, async (t) => {
    const line = await knownLine(t);
    const found = await line.hear(body);
    t.like(found.row, { outcome: 'failed', code, counts: { records: 0 } });
    t.like(found.row.findings, [{ code, severity: 'error', times: 1 }]);
    const given = await line.hear(body, { format: 'plan-list-xml' });
    t.is(given.row.outcome, 'failed');
  });
}

test('a JSON object with an error message is not an event', async (t) => {
  const line = await knownLine(t);
  for (const format of ['auto', 'plan-list-xml', 'ndjson'] as const) {
    const { row } = await line.hear('{"error":{"code":429,"message":"quota exceeded"}}', { format });
    t.true(row.outcome === 'failed' || row.outcome === 'incomplete', format);
    t.like(row.counts, { added: 0, changed: 0, withdrawn: 0 });
  }
});

test('random bytes instead of a feed fail the run', async (t) => {
  const line = await knownLine(t);
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255));
  t.is((await line.hear(noise)).row.outcome, 'failed');
});

test('a feed without records is complete, and withdraws nothing', async (t) => {
  const line = await knownLine(t);
  for (const body of [feed([]), '<planList/>', '<planList><output/></planList>']) {
    const { row } = await line.hear(body);
    t.like(row, { outcome: 'unchanged', code: null, counts: { records: 0, withdrawn: 0 } });
  }
});

test('an empty feed has no validators with which the next could be skipped', async (t) => {
  const line = await knownLine(t);
  await line.hear(saying(feed([]), { etag: '"empty"' }));
  await line.hear(feed(knownBases));
  t.is(line.asked.at(-1)?.['if-none-match'], undefined);
});

test('a second root is reported, and the records of both are taken', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(
    feed([first, ...knownBases]) +
      feedOf([record(last)])
        .split('\n')
        .slice(1)
        .join('\n'),
  );
  t.like(row, { outcome: 'incomplete', code: 'xml_malformed', counts: { added: 2, withdrawn: 0 } });
  t.regex(String(row.message), /second root/);
});

for (const [what, tail] of [
  ['text', 'PHP Notice: undefined offset'],
  ['text behind ten thousand blanks', `${' '.repeat(10_000)}x`],
  ['another element', '<more/>'],
  ['a closing tag', '</planList>'],
  ['a zero byte', '\0'],
] as const) {
  test(`${what} after the root makes a feed incomplete`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(feed([first]) + tail);
    t.is(row.outcome, 'incomplete');
    t.true((await line.titles()).includes('First'));
  });
}

for (const [what, between, code] of [
  ['text', 'Fatal error: out of memory', 'text_unexpected'],
  ['text behind ten thousand blanks', `${' '.repeat(10_000)}x`, 'text_unexpected'],
  ['a non-breaking blank', '\u00a0', 'text_unexpected'],
  ['an end tag too many', '</base_plan>', 'xml_malformed'],
  ['a declaration', '<!ELEMENT planList ANY>', 'xml_malformed'],
  ['a control character', '\u0001', 'text_unexpected'],
] as const) {
  test(`${what} between records makes a feed incomplete, and affects no record`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(feedOf([record(first), between, record(last)]));
    t.like(row, { outcome: 'incomplete', code });
    t.deepEqual(
      (await line.titles()).filter((title) => title === 'First' || title === 'Last'),
      ['First', 'Last'],
    );
  });
}

test('unknown elements, comments and instructions between records are ignored', async (t) => {
  const line = await knownLine(t);
  const between = '<!-- <base_plan base_plan_id="1"> --><?php echo ">" ?><pager next="2>1"><page/>\n</pager>';
  const { row } = await line.hear(feedOf([record(first), between, ...knownBases.map((one) => record(one))]));
  t.like(row, { outcome: 'absorbed', code: null, counts: { records: 3, added: 1 } });
});

test('endlessly nested wrappers fail the run', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(`<planList>${'<output>'.repeat(100_000)}${record(first)}`);
  t.like(row, { outcome: 'failed', code: 'xml_malformed' });
});
