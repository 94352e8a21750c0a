// How the records of a feed are read.

import type { Provider } from '#/provider/provider.ts';

/** Revision of the parsing rules: raise it when the same bytes are parsed to a different result than before. */
const readingRevision = 4;

/** How a provider's records are read: when it is another, they must be read again. */
export function readingOf(provider: Provider): string {
  const { format, timeZone, priceZones, strict, lenientXml = false, mapping } = provider;
  const settings = [readingRevision, format, timeZone, priceZones, strict, lenientXml];
  return JSON.stringify(mapping === undefined ? settings : [...settings, mapping]);
}
