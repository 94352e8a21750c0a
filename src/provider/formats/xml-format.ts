// The two XML dialects tell the same things in other words: one reader, given the words.

import { XMLParser } from 'fast-xml-parser';
import { refuse } from '#/domain/refusal.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Format, Reading, TextRecord } from '#/provider/record.ts';
import { createXmlSplitter } from '#/provider/xml/split.ts';
import { attributePrefix, createElementTree, elementOf, type XmlElement } from '#/provider/xml/element.ts';
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
    isArray: (name) => wanted.has(name),
  });

  const readElement = (element: XmlElement, text: string, reading: Reading): TextRecord =>
    readBase(element, text, dialect.event, language, reading);

  function readParsed(text: string, reading: Reading): TextRecord {
    let document: Record<string, unknown>;
    try {
      document = parser.parse(text) as Record<string, unknown>;
    } catch (error) {
      return broken(refuse('xml_refused', messageOf(error)), 0);
    }
    return readElement(elementOf(dialect.record, document[dialect.record], wanted), text, reading);
  }

  return {
    read(text, reading) {
      // Of plain elements the check itself gives the values; with comments and the like, fast-xml-parser reads what was
      // checked.
      const tree = text.includes('<!') || text.includes('<?') ? null : createElementTree(wanted);
      const fault = checkElement(text, tree);
      const root = tree?.root() ?? null;
      if (fault === null)
        return [root === null ? readParsed(text, reading) : readElement(root, text, reading)];
      // A record that was never closed ran on into its neighbours: those of them that are whole are taken.
      const pieces = text.split(new RegExp(`(?=<${dialect.record}[\\s/>])`));
      const whole = pieces.slice(1).filter((piece) => checkElement(piece.trimEnd()) === null);
      return [broken(fault.refusal, fault.at), ...whole.map((piece) => readParsed(piece.trimEnd(), reading))];
    },
    createSplitter: (recordBytesMax) => createXmlSplitter(dialect.root, dialect.record, recordBytesMax),
  };
}
