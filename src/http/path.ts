// The path of a request.

import type { IncomingMessage } from 'node:http';

/** Without the query. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';
