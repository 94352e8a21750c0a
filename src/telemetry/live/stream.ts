import type { ServerResponse } from 'node:http';

export const streamType = 'text/event-stream';

/** Whether the answer is a stream of server-sent events, which has no end of its own. */
export const isStream = (response: ServerResponse): boolean =>
  response.getHeader('Content-Type') === streamType;
