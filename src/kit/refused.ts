// Requests that a worker refused because it has too much to do. They count apart from faults: refusing is what it should do then.

import type { ServerResponse } from 'node:http';

const refused = new WeakSet<ServerResponse>();

/** Call this when a response becomes a refusal. */
export const noteRefused = (response: ServerResponse): void => void refused.add(response);

export const wasRefused = (response: ServerResponse): boolean => refused.has(response);
