// The id of an event. A plan id is not unique, not even within one feed: three base plans may share one.

import { hash } from 'node:crypto';

/** The namespace of all Marquee ids. A different namespace would change every id. */
const namespace = Buffer.from('6f1c7a52d1b04e0f9b0a4c7be2a86d35', 'hex');

/** The namespace and the name that is hashed: one buffer for all events. */
let named = Buffer.concat([namespace], 1024);
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const unitBytesMax = 3;

/**
 * UUIDv5 (RFC 9562, section 5.5) of provider, base id and plan id. They are joined as a JSON array, so that the pairs
 * (`a|b`, `c`) and (`a`, `b|c`) get different ids.
 */
export function eventId(provider: string, baseId: string, planId: string): string {
  const name = JSON.stringify([provider, baseId, planId]);
  const most = namespace.length + name.length * unitBytesMax;
  if (most > named.length) named = Buffer.concat([namespace], 2 * most);
  const length = namespace.length + named.write(name, namespace.length);
  const hex = hash('sha1', named.subarray(0, length), 'hex');
  const variant = variants[Number.parseInt(hex.charAt(16), 16) & 3] ?? '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The digit with the variant of RFC 9562, by its two free bits. */
const variants = ['8', '9', 'a', 'b'];

/** A UUID with its hyphens. `text`: the same, or its 32 hex digits. */
export const uuidIn = (text: string): string =>
  text.length === 36
    ? text
    : `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
