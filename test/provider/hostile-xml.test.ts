// Records that are malformed XML. Only the record itself is refused, and it is reported with its place in the feed.

import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { base, dialects, feed, feedOf, plan, record } from '../_support/feeds.ts';
import { around, aroundPlace, first, knownBases, knownLine, last, neighboursTaken } from './_line.ts';

const good = record(base({ id: 'bad' }));
const title = 'title="The Night Tram"';
/** `good` with this title. */
const titled = (text: string): string => good.replace(title, `title="${text}"`);
/** `good` with this content. */
const holding = (text: string): string => good.replace('</base_plan>', `${text}</base_plan>`);

/** Records in the middle of `around`: the text, the code of the refusal and the text before its column. */
const broken: Record<string, [text: string, code: string, behind: string]> = {
  'a mismatched end tag': [good.replace('</plan>', '</plane>'), 'xml_malformed', '</plane'],
  'an end tag that is missing inside': [good.replace('</plan>', ''), 'xml_malformed', '</base_plan'],
  'an end tag too many inside': [good.replace('</plan>', '</plan></plan>'), 'xml_malformed', '</plan></plan'],
  'an attribute without quotes': [good.replace(title, 'title=Tram'), 'xml_malformed', 'title='],
  'an attribute without a value': [good.replace(title, 'title'), 'xml_malformed', 'title'],
  'an attribute twice': [good.replace(title, `${title} ${title}`), 'xml_malformed', `${title} title`],
  'a bare "<" in an attribute': [titled('a < b'), 'xml_malformed', ''],
  'a bare "&"': [titled('R&B'), 'xml_malformed', 'title="R'],
  'an undeclared entity': [titled('caf&eacute;'), 'xml_malformed', 'title="caf'],
  'a reference to no character': [titled('&#0;'), 'xml_malformed', 'title="'],
  'a reference beyond Unicode': [titled('&#x110000;'), 'xml_malformed', 'title="'],
  'a reference to half a character': [titled('&#xD800;'), 'xml_malformed', 'title="'],
  'a zero byte': [titled('a\0b'), 'xml_malformed', 'title="a'],
  'a bell': [titled('a\x07b'), 'xml_malformed', 'title="a'],
  'a vertical tab': [titled('a\x0bb'), 'xml_malformed', 'title="a'],
  'U+FFFF': [titled('a\uffffb'), 'xml_malformed', 'title="a'],
  'a DOCTYPE inside': [holding('<!DOCTYPE x>'), 'xml_malformed', ''],
  'a comment with "--" in it': [holding('<!-- a -- b -->'), 'xml_malformed', ''],
  'nesting that is twenty thousand deep': [
    holding('<zone>'.repeat(20_000) + '</zone>'.repeat(20_000)),
    'xml_malformed',
    '',
  ],
};

for (const [what, [text, code, behind]] of Object.entries(broken)) {
  test(`${what} refuses only its record`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(around(text));
    t.like(row, { outcome: 'incomplete', code });
    t.like(row.findings[0], { code, severity: 'error' });
    const [refused, ...others] = await line.quarantine();
    t.deepEqual(others, []);
    t.like(refused, { code, baseId: null, line: aroundPlace.line, times: 1 });
    if (behind !== '') {
      // The fault is after this text.
      const from = aroundPlace.column + text.indexOf(behind);
      t.true(
        refused!.column >= from && refused!.column <= from + behind.length + 12,
        `column ${refused!.column}`,
      );
    }
    await neighboursTaken(t, line);
    t.is(({} as Record<string, unknown>)['polluted'], undefined);
  });
}

test('the fault in a record of many lines is reported with its own line and column', async (t) => {
  const line = await knownLine(t);
  const text = `<base_plan base_plan_id="long" sell_mode="online"\n   title="É">\n  <!-- ñ -->\n  <plan x="€" y=2></plan>\n</base_plan>`;
  const { row } = await line.hear(around(text));
  t.is(row.code, 'xml_malformed');
  t.like((await line.quarantine())[0], { line: 8, column: 17 });
  t.like(row.findings[0]?.place, { line: 8, column: 17 });
  const whole = Buffer.from(around(text));
  t.is(row.findings[0]?.place?.offset, whole.indexOf('2></plan>'));
});

const swallowing: Record<string, string> = {
  'a record that is never closed': good.replace('</base_plan>', ''),
  'a record closed by another name': good.replace('</base_plan>', '</base_plane>'),
  'a quote that is never closed in the tag of the record': good.replace(
    `${title}>`,
    'title="The Night Tram>',
  ),
  'a quote that is never closed in an event': good.replace('plan_id="1"', 'plan_id="1'),
  'a start tag that is never closed': good.replace(`${title}>`, title),
  'a record that is only its first letters': '<base_plan ',
};

for (const dialect of dialects) {
  for (const [what, plans] of Object.entries(swallowing)) {
    const text =
      dialect === 'plan-list-xml'
        ? plans
        : plans
            .replaceAll('base_plan', 'base_event')
            .replaceAll(/\bplan\b/g, 'event')
            .replaceAll('plan_', 'event_');
    test(`${what} is refused, and the record after it is taken (${dialect})`, async (t) => {
      const line = await knownLine(t);
      const { row } = await line.hear(around(text, dialect));
      t.is(row.outcome, 'incomplete');
      t.is(row.code, 'xml_malformed');
      await neighboursTaken(t, line);
      const again = await line.hear(around(text, dialect));
      t.like(again.row, { outcome: 'incomplete', counts: { added: 0, changed: 0, relisted: 0 } });
      t.is((await line.quarantine()).length, 1);
    });
  }
}

test('__proto__ and constructor are ordinary attributes', async (t) => {
  const line = await knownLine(t);
  const text = good.replace(title, `${title} __proto__="polluted" constructor="x" toString="y"`);
  const { row } = await line.hear(around(text));
  t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3, quarantined: 0 } });
  t.is(({} as Record<string, unknown>)['polluted'], undefined);
});

for (const strange of [
  '<__proto__ polluted="1"/>',
  '<__proto__ polluted="1"/><!-- -->',
  '<constructor><prototype x="1"/></constructor>',
]) {
  test(`${strange} in a record is ignored like any unknown element`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(around(holding(strange)));
    t.like(row, { outcome: 'absorbed', code: null, counts: { quarantined: 0 } });
    t.is(({} as Record<string, unknown>)['polluted'], undefined);
  });
}

test('__proto__ as an id, a title and a zone is ordinary text', async (t) => {
  const line = await knownLine(t);
  const zones = [{ id: '__proto__', capacity: '1', price: '1' }];
  const strange = base({ id: '__proto__', title: '__proto__', plans: [plan({ id: 'constructor', zones })] });
  const { row } = await line.hear(around(record(strange)));
  t.like(row, { outcome: 'absorbed', code: null });
  t.true((await line.titles()).includes('__proto__'));
  t.is(line.listings()['__proto__/constructor'], 'listed');
});

test('character references are decoded', async (t) => {
  const line = await knownLine(t);
  await line.hear(around(titled('Caf&#233; &#x1F3AD; &amp;amp; &lt;&gt; &quot;&apos; &#38;lt;')));
  t.true((await line.titles()).includes('Café 🎭 &amp; <> "\' &lt;'), (await line.titles()).join());
});

test('a record with ten thousand zones and references in each is read', async (t) => {
  const line = await knownLine(t);
  const zones = Array.from({ length: 10_000 }, (_, i) => ({ id: `R&B ${i}`, capacity: '1', price: '1.5' }));
  const { row } = await line.hear(
    around(record(base({ id: 'large', title: 'R&B', plans: [plan({ zones })] }))),
  );
  t.like(row, { outcome: 'absorbed', code: null });
  t.true((await line.titles()).includes('R&B'));
});

test('a title with five hundred thousand references is refused as too long', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(around(titled('&#233;'.repeat(500_000))));
  t.true(row.findings[0]?.code === 'text_too_long' || row.findings[0]?.code === 'xml_refused');
  await neighboursTaken(t, line);
});

test('the entities of a billion laughs attack are not expanded', async (t) => {
  const line = await knownLine(t);
  const entities = Array.from(
    { length: 10 },
    (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`,
  ).join('\n');
  const doctype = `<!DOCTYPE planList [<!ENTITY lol0 "lol">${entities}]>`;
  const body = around(titled('&lol10;')).replace('<planList', `${doctype}\n<planList`);
  for (const format of ['auto', 'plan-list-xml'] as const) {
    const { row } = await line.hear(body, { format });
    t.is(row.outcome, 'failed');
    t.is(row.code, 'doctype_refused');
  }
  t.is((await line.hear(body, { format: 'plan-list-xml' })).row.code, 'doctype_refused');
});

test('an external entity is neither read nor requested', async (t) => {
  const bait = createServer();
  let bitten = 0;
  bait.on('connection', (socket) => {
    bitten++;
    socket.destroy();
  });
  t.teardown(() => bait.close());
  bait.listen(0, '127.0.0.1');
  await once(bait, 'listening');
  const lure = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/x`;

  const line = await knownLine(t);
  const asked = line.asked.length;
  for (const target of ['file:///etc/passwd', lure]) {
    const doctype = `<!DOCTYPE planList [<!ENTITY xxe SYSTEM "${target}">]>`;
    const body = around(titled('&xxe;')).replace('<planList', `${doctype}<planList`);
    const { row } = await line.hear(body, { format: 'plan-list-xml' });
    t.like(row, { outcome: 'failed', code: 'doctype_refused' });
  }
  t.is(bitten, 0);
  t.is(line.asked.length, asked + 2);
  t.false((await line.titles()).join().includes('root:'));
});

test('a DOCTYPE between records ends the feed there', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(around('<!DOCTYPE x [<!ENTITY e "e">]>'));
  t.like(row, { outcome: 'incomplete', code: 'doctype_refused' });
  t.true((await line.titles()).includes('First'));
});

test('records in comments and CDATA are not taken', async (t) => {
  const line = await knownLine(t);
  const hidden = record(base({ id: 'hidden', title: 'Hidden' }));
  const { row } = await line.hear(
    around(`<!-- ${hidden} -->${holding(`<!-- ${hidden} --><![CDATA[${hidden}]]>`)}`),
  );
  t.like(row, { outcome: 'absorbed', code: null, counts: { records: 5 } });
  t.false((await line.titles()).includes('Hidden'));
});

test('a malformed record that is fixed leaves the quarantine, and is taken', async (t) => {
  const line = await knownLine(t);
  const whole = (text: string): string =>
    feedOf([...knownBases.map((one) => record(one)), record(first), text, record(last)]);
  await line.hear(whole(titled('R&B')));
  await line.hear(whole(titled('R&B')));
  t.like((await line.quarantine())[0], { times: 2 });
  const { row } = await line.hear(whole(titled('R&amp;B')));
  t.like(row, { outcome: 'absorbed', code: null });
  t.deepEqual(await line.quarantine(), []);
  t.true((await line.titles()).includes('R&B'));
});

test('a thousand malformed records are each refused, and every valid one between them is taken', async (t) => {
  const line = await knownLine(t);
  const records = Array.from({ length: 2000 }, (_, i) =>
    i % 2 === 0 ? record(base({ id: `n${i}` })) : titled('R&B').replace('"bad"', `"bad${i}"`),
  );
  const { row } = await line.hear(feedOf(records));
  t.like(row, { outcome: 'incomplete', code: 'xml_malformed', counts: { added: 1000, quarantined: 1000 } });
  t.is(row.findings.length, 1);
  t.is(await line.archive.quarantineSize('hostile'), 1000);
});

test('a malformed record is counted once in the report', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(around(titled('R&B')));
  t.like(row.findings, [{ code: 'xml_malformed', times: 1 }]);
});

for (const dialect of dialects) {
  const lure = 'http://127.0.0.1:1/x.dtd';
  const root = dialect === 'plan-list-xml' ? 'planList' : 'eventList';

  test(`everything allowed before the root is ignored, and nothing is fetched (${dialect})`, async (t) => {
    const line = await knownLine(t);
    for (const before of [
      `<!DOCTYPE ${root}>`,
      `<!DOCTYPE ${root} SYSTEM "${lure}">`,
      `<!DOCTYPE ${root} PUBLIC "-//a>b//[c]" '${lure}' >`,
      `<!doctype ${root}>\n<!-- [ -->`,
      '<?gen made by x -> y?>',
      '<?gen "<planList>" ?><!-- > -->',
    ]) {
      const body = around(record(base({ id: 'bad' }), dialect), dialect).replace(
        `<${root}`,
        `${before}\n<${root}`,
      );
      for (const format of ['auto', dialect] as const) {
        const { row } = await line.hear(body, { format });
        t.is(row.code, null, before);
        t.is(row.counts['records'], 5, before);
      }
    }
  });

  test(`elements are matched without their prefix, attributes only when they have none (${dialect})`, async (t) => {
    const line = await knownLine(t);
    const prefixed = around(record(base({ id: 'bad' }), dialect), dialect)
      .replaceAll(/<(\/?)(?=[a-zA-Z])/g, '<$1ns1:')
      .replace(/<ns1:\w+/, '$& xmlns:ns1="urn:x" xmlns="urn:y"')
      .replaceAll(/ title=/g, ' ns1:title="other" title=');
    for (const format of ['auto', dialect] as const) {
      const { row } = await line.hear(prefixed, { format });
      t.is(row.code, null);
      t.like(row.counts, { records: 5, quarantined: 0 });
    }
    t.false((await line.titles()).includes('other'));
    t.true((await line.titles()).includes('First'));
  });

  test(`lists around events and zones are read through (${dialect})`, async (t) => {
    const line = await knownLine(t);
    const event = dialect === 'plan-list-xml' ? 'plan' : 'event';
    const listed = around(record(base({ id: 'bad', title: 'Listed' }), dialect), dialect)
      .replaceAll(new RegExp(`(<${event} .*?</${event}>)`, 'g'), `<${event}s>$1</${event}s>`)
      .replaceAll(/(<zone .*?\/>)(?=<\/)/g, '<zoneList>$1</zoneList>');
    const { row } = await line.hear(listed);
    t.like(row, { outcome: 'absorbed', code: null, counts: { added: 3 } });
    t.deepEqual((await line.catalogue()).find((one) => one.title === 'Listed')?.minPrice, 1500);
  });
}

test('a base with only unknown children is a finding, and its events do not count as withdrawn', async (t) => {
  const line = await knownLine(t);
  const unknown = (text: string): string => text.replaceAll(/<(\/?)plan\b/g, '<$1session');
  const { row } = await line.hear(feedOf(knownBases.map((one) => unknown(record(one)))));
  t.like(row, { outcome: 'incomplete', code: 'events_unrecognised', counts: { withdrawn: 0 } });
  t.like(row.findings, [{ code: 'events_unrecognised', severity: 'error', times: 2, baseId: '291' }]);
  t.is(
    (await line.hear(around('<base_plan base_plan_id="none" sell_mode="online" title="x"/>'))).row.code,
    null,
  );
});

test('a feed without any known element fails the run', async (t) => {
  const line = await knownLine(t);
  for (const body of [
    feed(knownBases).replaceAll('base_plan', 'base_event'),
    feed(knownBases).replaceAll('base_plan', 'show'),
    '<planList><plan plan_id="1"/></planList>',
  ]) {
    const { row } = await line.hear(body, { format: 'plan-list-xml' });
    t.like(row, { outcome: 'failed', code: 'records_unrecognised' });
    t.like(row.findings, [{ code: 'records_unrecognised', severity: 'error' }]);
  }
});

test('line breaks and tabs in a value become spaces, those from references stay, with a comment and without', async (t) => {
  const line = await knownLine(t);
  const text = titled('a\nb\tc\r\nd&#10;e&#x9;f\rg');
  for (const one of [text, text.replace('</base_plan>', '<!-- --></base_plan>')]) {
    await line.hear(around(one));
    t.true((await line.titles()).includes('a b c d\ne\tf g'));
  }
});

test('character references with leading zeros are decoded', async (t) => {
  const line = await knownLine(t);
  const { row } = await line.hear(around(titled(`A&#00000065;&#x00000041;&#${'0'.repeat(500)}38;`)));
  t.is(row.code, null);
  t.true((await line.titles()).includes('AAA&'));
  const refused = await line.hear(around(titled('&#00000;')));
  t.is(refused.row.code, 'xml_malformed');
});

test('comments, CDATA and instructions are ignored wherever XML allows them', async (t) => {
  const line = await knownLine(t);
  const plans = good.replace('<plan ', `<!-- <plan> --><?php echo "<plan>" ?><![CDATA[<plan>]]><plan `);
  const { row } = await line.hear(around(plans.replace('<zone ', `<?x '>'?><!-- > --><zone `)));
  t.like(row, { outcome: 'absorbed', code: null, counts: { records: 5, quarantined: 0 } });
});

test('HTML entities and a bare "&" are read when the provider allows them, and counted', async (t) => {
  const line = await knownLine(t);
  const body = around(titled('R&B&nbsp;caf&eacute; &euro;5 &amp; &#38; &unknown; a=1&b=2'));
  t.is((await line.hear(body)).row.code, 'xml_malformed');
  const { row } = await line.hear(body, { lenientXml: true });
  t.like(row, { outcome: 'absorbed', code: null });
  t.like(row.findings, [{ code: 'reference_repaired', severity: 'warning', times: 6 }]);
  t.true(
    (await line.titles()).includes('R&B\u00a0café €5 & & &unknown; a=1&b=2'),
    (await line.titles()).join(),
  );
  const mismatched = await line.hear(around(titled('R&B').replace('</plan>', '</plane>')), {
    lenientXml: true,
  });
  t.is(mismatched.row.code, 'xml_malformed');
});
