// All formats, by their names in the providers file.

import type { Format } from '#/provider/record.ts';
import type { FormatName } from '#/provider/provider.ts';
import { localName } from '#/provider/xml/cursor.ts';
import { rootOf } from '#/provider/xml/prolog.ts';
import { csv } from './csv.ts';
import { eventList, planList } from './dialect.ts';
import { json } from './json.ts';
import { jsonld } from './schema-org/jsonld.ts';
import { ndjson } from './ndjson.ts';
import { rpde } from './schema-org/rpde.ts';
import { createXmlFormat } from './xml-format.ts';

export const formats: Readonly<Record<FormatName, Format>> = {
  'plan-list-xml': createXmlFormat(planList),
  'event-list-xml': createXmlFormat(eventList),
  ndjson,
  jsonld,
  json,
  csv,
  rpde,
};

const roots: ReadonlyMap<string, FormatName> = new Map([
  [planList.root, 'plan-list-xml'],
  [eventList.root, 'event-list-xml'],
]);

/** The format of a feed that begins with `head`; null when it is unknown, or not yet certain. */
export function detectFormat(head: string): FormatName | null {
  if (/^\s*\{/.test(head) && /"state"\s*:\s*"(?:updated|deleted)"/.test(head) && /"items"\s*:/.test(head))
    return 'rpde';
  // JSON may be something else, such as an error with status 200; only an event has these members.
  if (/^\s*[[{]/.test(head) && /"@(?:context|type)"\s*:/.test(head) && /\bschema\.org\b/.test(head))
    return 'jsonld';
  if (/^\s*\{/.test(head)) return /"(?:baseId|planId)"\s*:/.test(head) ? 'ndjson' : null;
  const root = rootOf(head);
  return root === null ? null : (roots.get(localName(root)) ?? null);
}
