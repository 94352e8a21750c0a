// The actions of operators: requests to the admin port that change something. Each is reported, with its outcome.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from '#/http/path.ts';

export interface Action {
  /** When it ended: ISO 8601 with milliseconds. */
  readonly at: string;
  /** The name of the credential, such as `ADMIN_TOKEN` or `key:NAME`; `no credential` where the port needs none. */
  readonly by: string;
  /** The address that it came from. */
  readonly from: string;
  readonly method: string;
  /** Without the query; its first 200 characters. */
  readonly path: string;
  /** The status of the answer; 0 when the connection closed before. */
  readonly status: number;
}

/** Requests that were not actions: no such path, no such method. */
const noActions = new Set([404, 405]);
const pathMax = 200;

/** Calls `acted` when the response has ended. */
export function followAction(
  request: IncomingMessage,
  response: ServerResponse,
  by: string,
  acted: (action: Action) => void,
): void {
  const { method = '', socket } = request;
  const path = pathOf(request).slice(0, pathMax);
  const from = socket.remoteAddress ?? 'unknown';
  response.once('close', () => {
    if (noActions.has(response.statusCode)) return;
    const status = response.writableEnded ? response.statusCode : 0;
    acted({ at: new Date().toISOString(), by, from, method, path, status });
  });
}
