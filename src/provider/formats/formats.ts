// Every format there is, by the name that a providers file gives it.

import type { Format } from '#/provider/record.ts';
import type { FormatName } from '#/provider/provider.ts';
import { localName } from '#/provider/xml/cursor.ts';
import { rootOf } from '#/provider/xml/prolog.ts';
import { eventList, planList } from './dialect.ts';
import { ndjson } from './ndjson.ts';
import { createXmlFormat } from './xml-format.ts';

export const formats: Readonly<Record<FormatName, Format>> = {
  'plan-list-xml': createXmlFormat(planList),
  'event-list-xml': createXmlFormat(eventList),
  ndjson,
};

const roots: ReadonlyMap<string, FormatName> = new Map([
  [planList.root, 'plan-list-xml'],
  [eventList.root, 'event-list-xml'],
]);

/** The format of a feed by how it begins; null when the head does not show one of ours (or not yet). */
export function detectFormat(head: string): FormatName | null {
  // Many things are JSON, an error that comes with a 200 among them; only an event has these.
  if (/^\s*\{/.test(head)) return /"(?:baseId|planId)"\s*:/.test(head) ? 'ndjson' : null;
  const root = rootOf(head);
  return root === null ? null : (roots.get(localName(root)) ?? null);
}
