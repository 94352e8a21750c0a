// XML against the W3C's conformance suite: a document that is not well-formed is refused, one that is well-formed is read.
// The root of each document becomes the content of a record. Its prolog stands before the root of the feed, and what follows
// it stands behind. Not tested: documents about XML 1.1, about namespaces, and about names of earlier editions of XML 1.0
// (the feed is read as XML 1.0, fifth edition, without namespaces), and documents that a parser may report or not.

import { Readable } from 'node:stream';
import test from 'ava';
import { toUtf8 } from '#/provider/encoding/charset.ts';
import { FeedFault } from '#/provider/fault.ts';
import { formats } from '#/provider/formats/formats.ts';
import { decodeRecord } from '#/provider/encoding/utf8.ts';
import { checkElement } from '#/provider/xml/well-formed.ts';
import { suiteDocuments, type SuiteDocument } from './_conformance.ts';

const reading = { provider: 'suite', timeZone: 'UTC', priceZones: 'all', strict: false } as const;
const prolog = /^(?:[ \t\r\n]|<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^[>]*>)*/;
/** What XML forbids. */
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/**
 * In UTF-8, as one character for each byte, so that bytes which are not UTF-8 stay what they are. Empty for a document that
 * is refused before it is UTF-8.
 */
async function textOf({ bytes }: SuiteDocument): Promise<string> {
  try {
    return Buffer.concat(await Array.fromAsync(toUtf8(Readable.from([bytes]), ''))).toString('latin1');
  } catch (error) {
    if (error instanceof FeedFault) return '';
    throw error;
  }
}

/** Why a document is refused; null when it is read. */
function refusalOf(text: string): string | null {
  const [before] = prolog.exec(text) ?? [''];
  const rest = text.slice(before.length);
  const end = endOfElement(rest);
  // Without a root behind the prolog there is nothing to put in a record: the document is a feed as it stands.
  const feed = /^<[^!?]/.test(rest)
    ? `${before}<planList><base_plan base_plan_id="1" sell_mode="online" title="T">${rest.slice(0, end)}</base_plan></planList>${rest.slice(end)}`
    : text;
  const splitter = formats['plan-list-xml'].createSplitter(10e6);
  const records = [...splitter.push(Buffer.from(feed, 'latin1'))];
  const refusal = splitter.end() ?? records[0]?.refusal ?? null;
  if (refusal !== null || records.length !== 1) return refusal?.code ?? `${records.length} records`;
  const [record] = formats['plan-list-xml'].read(decodeRecord(records[0]!.bytes).text, reading);
  return record!.faults.find((one) => one.refusal.code === 'xml_malformed')?.refusal.message ?? null;
}

/** Where the root ends; all of `text` when it is not well-formed, or has names beyond ASCII. */
function endOfElement(text: string): number {
  const fault = checkElement(text.replaceAll(forbidden, '.'));
  return fault?.refusal.message.startsWith('Got content after') === true ? fault.at : text.length;
}

const asides = /<\?[^]*?\?>|<!--[^]*?-->/g;
const hasDeclarations = (text: string): boolean => /<!DOCTYPE[^>]*\[/.test(text.replaceAll(asides, ''));
const withoutDeclarations = (text: string): string =>
  text.replace(/<!DOCTYPE[^[>]*\[[^]*?\]\s*>/, '').replace(/<!DOCTYPE[^[>]*>/, '');
const hasOwnEntities = (text: string): boolean => /&(?!(?:amp|lt|gt|quot|apos|#\w+);)\S/.test(text);

const documents = await Promise.all(
  suiteDocuments()
    .filter(
      ({ type, version, recommendation, editions }) =>
        type !== 'error' &&
        version === '1.0' &&
        recommendation.startsWith('XML1.0') &&
        (editions.length === 0 || editions.includes('5')),
    )
    .map(async (document) => ({ ...document, text: await textOf(document) })),
);

const numbered = (name: string, numbers: string): string[] =>
  numbers.split(' ').map((number) => `${name}${number}`);

/** Documents that are read although they are not well-formed, and why that is meant so. */
const readAllTheSame: Record<string, readonly string[]> = {
  'an XML declaration may have any form and stand anywhere between records: the bytes show the encoding': [
    ...numbered('not-wf-sa-', '094 095 096 097 098 099 100 101 102 147 148 151 152 154 155'),
    ...numbered('encoding0', '1 2 3 4 5 6'),
    ...numbered('o-p0', '1fail1 1fail2'),
    ...numbered('o-p2', '2fail1 3fail1 3fail2 3fail3 3fail4 4fail1 4fail2 5fail1 6fail1 6fail2'),
    ...numbered('o-p32fail', '1 2 3 4 5'),
  ],
  'what a comment or an instruction between records holds is passed over': [
    ...numbered('not-wf-sa-', '171 172'),
    ...numbered('o-p16fail', '1 2 3'),
  ],
  'a DOCTYPE without declarations is passed over, and what it names is never fetched': [
    ...numbered('not-wf-not-sa-', '001 003 004 006 007 008 009'),
    ...numbered(
      'o-p',
      '09fail1 09fail2 30fail1 31fail1 61fail1 62fail1 62fail2 63fail1 63fail2 64fail1 64fail2',
    ),
    ...numbered(
      'ibm-not-wf-P',
      '28-ibm28n01.xml 30-ibm30n01.xml 31-ibm31n01.xml 32-ibm32n06.xml 32-ibm32n07.xml',
    ),
    'ibm-not-wf-P61-ibm61n01.xml',
    ...numbered('ibm-not-wf-P62-ibm62n0', '1.xml 2.xml 3.xml 4.xml 5.xml 6.xml 7.xml 8.xml'),
  ],
  'bytes that are not valid in the character set are repaired, and the bytes count more than the declaration':
    [...numbered('not-wf-sa-', '168 169 170'), ...numbered('hst-lhs-00', '7 8'), 'rmt-e2e-61'],
};

test('a document that is not well-formed is refused, with the known exceptions', (t) => {
  const bad = documents.filter(({ type, text }) => type === 'not-wf' && !hasDeclarations(text));
  const read = bad.filter(({ text }) => refusalOf(text) === null).map(({ id }) => id);
  t.deepEqual(read.toSorted(), Object.values(readAllTheSame).flat().toSorted());
  t.log(`${bad.length} documents: ${bad.length - read.length} refused, ${read.length} known exceptions`);
  t.true(bad.length - read.length > 150);
});

test('a name has only the characters of the fifth edition', (t) => {
  const bad = documents.filter(({ id }) => /^x-ibm-1-0\.5-not-wf-P0(?:4|4a|5)-/.test(id));
  const read = bad.filter(({ text }) => refusalOf(withoutDeclarations(text)) === null).map(({ id }) => id);
  t.deepEqual(read, []);
  t.log(`${bad.length} documents refused without their declarations`);
  t.true(bad.length > 50);
});

test('a document with declarations of its own is refused, well-formed or not', (t) => {
  const declaring = documents.filter(({ text }) => hasDeclarations(text));
  t.deepEqual(
    declaring.filter(({ text }) => refusalOf(text) === null).map(({ id }) => id),
    [],
  );
  const wellFormed = declaring.filter(({ type }) => type !== 'not-wf');
  for (const { id, text } of wellFormed) t.is(refusalOf(text), 'doctype_refused', id);
  t.log(`${declaring.length} documents refused, ${wellFormed.length} of them well-formed`);
  t.true(wellFormed.length > 700);
});

test('a well-formed document is read unless it uses entities of an external DTD', (t) => {
  const good = documents.filter(({ type, text }) => type !== 'not-wf' && !hasDeclarations(text));
  const refused = good.filter(({ text }) => refusalOf(text) !== null);
  t.true(refused.every(({ text }) => hasOwnEntities(text) && text.includes('<!DOCTYPE')));
  t.log(`${good.length} documents: ${good.length - refused.length} read, ${refused.length} refused`);
  t.true(good.length - refused.length > 130);
});

test('a well-formed document without its declarations is read', (t) => {
  const good = documents
    .filter(({ type, text }) => type !== 'not-wf' && hasDeclarations(text))
    .map(({ id, text }) => ({ id, text: withoutDeclarations(text) }))
    .filter(({ text }) => !hasOwnEntities(text));
  for (const { id, text } of good) t.is(refusalOf(text), null, id);
  t.log(`${good.length} documents read`);
  t.true(good.length > 500);
});
