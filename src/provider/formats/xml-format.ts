// The two XML dialects tell the same things in other words: one reader, given the words.

import { refuse } from '#/domain/refusal.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { createXmlSplitter } from '#/provider/xml/split.ts';
import { createElementTree } from '#/provider/xml/element.ts';
import { lenientText } from '#/provider/xml/lenient.ts';
import { checkElement } from '#/provider/xml/well-formed.ts';
import { languageOf } from './attributes.ts';
import { readBase } from './base.ts';
import { broken } from './broken.ts';
import type { Dialect } from './dialect.ts';

/** A format whose feeds are `<root>` with records `<record>` somewhere below it. */
export function createXmlFormat(dialect: Dialect): Format {
  const language = languageOf(dialect);
  const wanted = new Set([dialect.event, language.words.zones]);
  const recordTag = new RegExp(`(?=<(?:[^\\s<>/:]+:)?${dialect.record}[\\s/>])`);

  /** The record, or the fault for which it is none. */
  function readElement(text: string, reading: Reading): TextRecord {
    const tree = createElementTree(wanted);
    const fault = checkElement(text, tree);
    const root = tree.root();
    if (fault !== null || root === null)
      return broken(fault?.refusal ?? refuse('xml_malformed', 'Expected an element.'), fault?.at ?? 0);
    const record = readBase(root, text, dialect.event, language, reading);
    const stranger = tree.stranger();
    if (stranger === null || record.key === null) return record;
    // Whatever it holds may be events: what the base had before must not count as gone.
    const message = `Got <${stranger}> in <${dialect.record}>, expected <${dialect.event}>.`;
    const unrecognised = broken(refuse('events_unrecognised', message), 0);
    return { ...unrecognised, faults: unrecognised.faults.map((one) => ({ ...one, baseId: record.key })) };
  }

  function readLeniently(text: string, reading: Reading): TextRecord | null {
    const { text: mended, times } = lenientText(text);
    if (times === 0 || checkElement(mended) !== null) return null;
    const message = 'Got references that XML does not have, and read them as HTML, or each & as itself.';
    return { ...readElement(mended, reading), repairs: [{ code: 'reference_repaired', message, times }] };
  }

  return {
    read(text, reading) {
      const record = readElement(text, reading);
      if (record.faults[0]?.refusal.code !== 'xml_malformed') return [record];
      const lenient = reading.lenientXml === true ? readLeniently(text, reading) : null;
      if (lenient !== null) return [lenient];
      // A record that was never closed ran on into its neighbours: those of them that are whole are taken.
      const pieces = text.split(recordTag).slice(1);
      const whole = pieces.map((piece) => piece.trimEnd()).filter((piece) => checkElement(piece) === null);
      return [record, ...whole.map((piece) => readElement(piece, reading))];
    },
    createSplitter: (recordBytesMax) => createXmlSplitter(dialect.root, dialect.record, recordBytesMax),
  };
}
