// Decides who may use the admin port. Health and metrics are open, since probes and scrapers have no credential; everything else
// needs the scope `admin`, unless the port is open because only this host reaches it.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { endWithError } from '#/http/envelope.ts';
import { pathOf } from '#/http/path.ts';
import { refuseDenied, refuseScope } from './refusals.ts';

export interface AdminGuardOptions {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  /** Whether everything may be requested without a credential. */
  readonly isOpen: () => boolean;
  /** Called for each request that changes something, before it is carried out; `by` names the credential. */
  readonly acted: (method: string, path: string, by: string) => void;
}

const alwaysOpen = new Set(['/livez', '/readyz', '/metrics']);
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

export function withAdminGuard(
  { authenticator, isOpen, acted }: AdminGuardOptions,
  listener: RequestListener,
): RequestListener {
  function decide(request: IncomingMessage, response: ServerResponse, who: Identity | Denial): void {
    if (typeof who === 'string') refuseDenied(response, who);
    else if (!who.scopes.has('admin')) refuseScope(response, 'admin');
    else carryOut(request, response, who.name);
  }

  function carryOut(request: IncomingMessage, response: ServerResponse, by: string): void {
    const { method = '' } = request;
    if (!reading.has(method)) acted(method, pathOf(request), by);
    listener(request, response);
  }

  return (request, response) => {
    const { method = '', headers } = request;
    if (!reading.has(method) && headers.origin !== undefined) {
      // A page in a browser of this host reaches the port as well as its operator does.
      const message = 'Got a request of a web page, expected one of a program.';
      endWithError(response, 403, 'origin_refused', message, { Connection: 'close' });
      return;
    }
    if (reading.has(method) && alwaysOpen.has(pathOf(request))) listener(request, response);
    else if (isOpen()) carryOut(request, response, 'no credential');
    else {
      const who = authenticator.identify(headers);
      if (who instanceof Promise) void who.then((known) => decide(request, response, known));
      else decide(request, response, who);
    }
  };
}
