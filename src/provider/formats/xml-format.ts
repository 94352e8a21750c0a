// The two XML dialects tell the same things in other words: one reader, given the words.

import { XMLParser } from 'fast-xml-parser';
import { refuse } from '#/domain/refusal.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { createXmlSplitter } from '#/provider/xml/split.ts';
import { attributePrefix, createElementTree, parsedTree, type Tree } from '#/provider/xml/element.ts';
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
  // Attributes get a prefix that no element can have, so that the two never meet; no value is guessed at ("0042", "1e3").
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: attributePrefix,
    parseTagValue: false,
    parseAttributeValue: false,
    jPath: false,
    // Values are taken as they stand, and `&#233;` is a character like any other.
    trimValues: false,
    htmlEntities: true,
  });
  const recordTag = new RegExp(`(?=<(?:[^\\s<>/:]+:)?${dialect.record}[\\s/>])`);

  /** The record, or the fault for which it is none. */
  function readElement(text: string, reading: Reading): TextRecord {
    // Of plain elements the check itself gives the values; with comments and CDATA, fast-xml-parser reads what was checked.
    // It takes quotes in a processing instruction for those of attributes, so it reads no record with one.
    const tree = text.includes('<!') && !text.includes('<?') ? null : createElementTree(wanted);
    const fault = checkElement(text, tree);
    if (fault !== null) return broken(fault.refusal, fault.at);
    return readTree(tree ?? parsed(text), text, reading);
  }

  /** What fast-xml-parser reads; where it refuses a name such as `__proto__`, what the check itself does. */
  function parsed(text: string): Tree {
    try {
      return parsedTree(parser.parse(asParsed(text)), wanted);
    } catch {
      const tree = createElementTree(wanted);
      checkElement(text, tree);
      return tree;
    }
  }

  function readTree(tree: Tree, text: string, reading: Reading): TextRecord {
    const root = tree.root();
    if (root === null) return broken(refuse('xml_malformed', 'Expected an element.'), 0);
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
    const record = readElement(mended, reading);
    const message = 'Got references that XML does not have, and read them as HTML, or each & as itself.';
    const told = { code: 'reference_repaired', message, baseId: record.key, planId: null, at: 0, times };
    return { ...record, remarks: [...(record.remarks ?? []), { kind: 'repaired', ...told }] };
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

/**
 * What fast-xml-parser leaves to others: white space in attributes becomes blanks (XML 1.0, 3.3.3), and a reference may
 * have any number of leading zeros. No text between tags is kept, so all of the record may be treated alike.
 */
const asParsed = (text: string): string =>
  text.replaceAll(/\r\n|[\t\n\r]/g, ' ').replaceAll(/&#(x?)0+(?=[\da-fA-F])/g, '&#$1');
