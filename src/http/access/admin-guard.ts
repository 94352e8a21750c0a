// Decides who may use the admin port. Health, metrics and the files of the console are open, since probes, scrapers and a browser
// that opens a page have no credential; everything else needs the scope `admin`, unless the port is open because only this host
// reaches it.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { endWithError } from '#/http/envelope.ts';
import { followAction, type Action } from './action.ts';
import { isOwnPage } from './own-page.ts';
import { refuseDenied, refuseScope } from './refusals.ts';
import { scopeReader } from './required-scope.ts';

export interface AdminGuardOptions {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  /** Whether everything may be requested without a credential. */
  readonly isOpen: () => boolean;
  /** Called after each request that changes something, whatever its outcome; not for those that the guard refuses. */
  readonly acted: (action: Action) => void;
}

const requiredScope = scopeReader(Object.values(adminRoutes));
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
    if (!reading.has(request.method ?? '')) followAction(request, response, by, acted);
    listener(request, response);
  }

  return (request, response) => {
    const { method = '', headers, url = '/' } = request;
    if (!reading.has(method) && headers.origin !== undefined && !isOwnPage(headers, isOpen())) {
      // A page in a browser of this host reaches the port as well as its operator does.
      const message =
        'Got a request of a web page of another origin, expected one of a program or of the console.';
      endWithError(response, 403, 'origin_refused', message, { Connection: 'close' });
      return;
    }
    if (reading.has(method) && requiredScope(url) === null) listener(request, response);
    else if (isOpen()) carryOut(request, response, 'no credential');
    else {
      const who = authenticator.identify(headers);
      if (who instanceof Promise) void who.then((known) => decide(request, response, known));
      else decide(request, response, who);
    }
  };
}
