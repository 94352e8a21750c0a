import test from 'ava';
import { generateRecords } from '../../load/simulator/generate.ts';
import { renderRecord } from '../../load/simulator/feed.ts';
import { formats } from '#/provider/formats/formats.ts';

const reading = { provider: 'north', timeZone: 'Europe/Madrid', priceZones: 'all', strict: false } as const;

for (const dialect of ['plan-list-xml', 'event-list-xml'] as const) {
  test(`a record parsed by the checker has the values that fast-xml-parser reads (${dialect})`, (t) => {
    let read = 0;
    for (const record of generateRecords({ seed: 7, bases: 300, plansPerBase: 2, zonesPerPlan: 3 })) {
      const text = renderRecord(dialect, record).trim();
      // With a comment, fast-xml-parser parses the same record.
      const commented = text.replace('>', '><!-- -->');
      t.deepEqual(formats[dialect].read(text, reading), formats[dialect].read(commented, reading));
      read++;
    }
    t.true(read > 50, `${read} records`);
  });
}

const odd = {
  'names with a prefix': (text: string) =>
    text.replaceAll(/<(\/?)(\w+)/g, '<$1x:$2').replace(/^<x:\w+/, '$& xmlns:x="urn:x"'),
  'white space in attributes': (text: string) => text.replaceAll(/(title="[^" ]*) /g, '$1\n\t'),
  'references with leading zeros': (text: string) =>
    text.replaceAll('title="', 'title="&#0000000038;&#x000e9;'),
} as const;

for (const [what, disguise] of Object.entries(odd)) {
  test(`both readers read ${what} alike`, (t) => {
    for (const record of generateRecords({ seed: 8, bases: 20, plansPerBase: 2, zonesPerPlan: 3 })) {
      const text = disguise(renderRecord('plan-list-xml', record).trim());
      const read = formats['plan-list-xml'].read(text, reading);
      t.true(read[0]!.observations.length > 0);
      t.deepEqual(read, formats['plan-list-xml'].read(text.replace('>', '><!-- -->'), reading));
    }
  });
}
