// The XML formats. The two dialects differ in names only, so one reader takes the names as an argument.

import { createRequire } from 'node:module';
import type * as fastXmlParser from 'fast-xml-parser';
import { refuse } from '#/domain/refusal.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { createXmlSplitter } from '#/provider/xml/split.ts';
import { attributePrefix, createElementTree, parsedTree, type Tree } from '#/provider/xml/element.ts';
import { lenientText } from '#/provider/xml/lenient.ts';
import { checkElement } from '#/provider/xml/well-formed.ts';
import { fieldAccessFor } from './attributes.ts';
import { readBase } from './base.ts';
import { unreadableRecord } from './unreadable-record.ts';
import type { Dialect } from './dialect.ts';

const load = createRequire(import.meta.url);

/** Loaded at the first record that needs it: most feeds have none, and ingest itself only splits them. */
function createParser(): fastXmlParser.XMLParser {
  const { XMLParser } = load('fast-xml-parser') as typeof fastXmlParser;
  // The prefix keeps attributes and elements apart. Values stay text, since "0042" or "1e3" are not numbers here.
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: attributePrefix,
    parseTagValue: false,
    parseAttributeValue: false,
    jPath: false,
    // Values keep their whitespace, and `&#233;` is decoded.
    trimValues: false,
    htmlEntities: true,
  });
}
let parser: fastXmlParser.XMLParser | null = null;

/** A format for feeds with the root `<root>` that contain records `<record>` at any depth. */
export function createXmlFormat(dialect: Dialect): Format {
  const access = fieldAccessFor(dialect);
  const wanted = new Set([dialect.event, access.fields.zones]);
  /** Of the record that is being read. */
  const plain = createElementTree(wanted);
  const recordTag = new RegExp(`(?=<(?:[^\\s<>/:]+:)?${dialect.record}[\\s/>])`);

  /** The parsed record, or its first fault. */
  function readElement(text: string, reading: Reading): TextRecord {
    // For plain elements, the check itself collects the values. fast-xml-parser reads records with comments and CDATA. It
    // mistakes quotes in a processing instruction for those of attributes, so it never reads a record with one.
    const tree = text.includes('<!') && !text.includes('<?') ? null : plain;
    tree?.clear();
    const fault = checkElement(text, tree);
    if (fault !== null) return unreadableRecord(fault.refusal, fault.at);
    return readTree(tree ?? parsed(text), text, reading);
  }

  /** Reads with fast-xml-parser, or with the check itself when that refuses a name such as `__proto__`. */
  function parsed(text: string): Tree {
    parser ??= createParser();
    try {
      return parsedTree(parser.parse(asParsed(text)), wanted);
    } catch {
      plain.clear();
      checkElement(text, plain);
      return plain;
    }
  }

  function readTree(tree: Tree, text: string, reading: Reading): TextRecord {
    const root = tree.root();
    if (root === null) return unreadableRecord(refuse('xml_malformed', 'Expected an element.'), 0);
    const record = readBase(root, text, dialect.event, access, reading);
    const unexpected = tree.unexpected();
    if (unexpected === null || record.key === null) return record;
    // The unknown element may contain events, so the known events of the base must not be withdrawn.
    const message = `Got <${unexpected}> in <${dialect.record}>, expected <${dialect.event}>.`;
    const unrecognised = unreadableRecord(refuse('events_unrecognised', message), 0);
    return { ...unrecognised, faults: unrecognised.faults.map((one) => ({ ...one, baseId: record.key })) };
  }

  function readLeniently(text: string, reading: Reading): TextRecord | null {
    const { text: repaired, times } = lenientText(text);
    if (times === 0 || checkElement(repaired) !== null) return null;
    const record = readElement(repaired, reading);
    const message =
      'Got references that XML does not define; they are read as HTML, and any other & as itself.';
    const remark = { code: 'reference_repaired', message, baseId: record.key, planId: null, at: 0, times };
    return { ...record, remarks: [...(record.remarks ?? []), { kind: 'repaired', ...remark }] };
  }

  return {
    read(text, reading) {
      const record = readElement(text, reading);
      if (record.faults[0]?.refusal.code !== 'xml_malformed') return [record];
      const lenient = reading.lenientXml === true ? readLeniently(text, reading) : null;
      if (lenient !== null) return [lenient];
      // A record that is not closed includes the next records; those that are well-formed are still read.
      const pieces = text.split(recordTag).slice(1);
      const whole = pieces.map((piece) => piece.trimEnd()).filter((piece) => checkElement(piece) === null);
      return [record, ...whole.map((piece) => readElement(piece, reading))];
    },
    createSplitter: (recordBytesMax) => createXmlSplitter(dialect.root, dialect.record, recordBytesMax),
  };
}

/**
 * Applies what fast-xml-parser omits: whitespace in attributes becomes spaces (XML 1.0, 3.3.3), and references may have
 * leading zeros. Text between tags is not used, so the whole record can be treated alike.
 */
const asParsed = (text: string): string =>
  text.replaceAll(/\r\n|[\t\n\r]/g, ' ').replaceAll(/&#(x?)0+(?=[\da-fA-F])/g, '&#$1');
