// Whether a client wants to stay connected and receive changes, by its Accept header.

import { streamType } from '#/telemetry/live/stream.ts';
import { qualityOf } from '#/http/events/accept.ts';

/** A wildcard means a page. When both types are named, the greater quality decides; the page wins a tie. */
export function wantsStream(accept: string | undefined): boolean {
  if (accept?.includes('event-stream') !== true) return false;
  const stream = qualityOf(accept, [streamType]);
  return stream > 0 && stream > qualityOf(accept, ['application/json']);
}
