// Decides before any routing whether a request may be answered. Without it, no request passes through this file.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { refuseDenied, refuseScope } from './refusals.ts';
import { requiredScope } from './required-scope.ts';

/** Why a request was refused: the values of a label. */
export const refusalReasons = [
  'credential_missing',
  'credential_invalid',
  'credential_unverifiable',
  'scope_missing',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface GuardOptions {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  readonly refused: (reason: RefusalReason) => void;
}

/** Wraps a listener: it receives only requests whose credential allows the operation. */
export function withGuard({ authenticator, refused }: GuardOptions, listener: NamedListener): NamedListener {
  function decide(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    who: Identity | Denial,
    scope: NonNullable<ReturnType<typeof requiredScope>>,
  ): void {
    if (typeof who === 'string') {
      nameResponse(response, requestId);
      refused(`credential_${who}`);
      refuseDenied(response, who);
    } else if (scope !== 'any' && !who.scopes.has(scope)) {
      nameResponse(response, requestId);
      refused('scope_missing');
      refuseScope(response, scope);
    } else listener(request, response, requestId);
  }

  return (request, response, requestId) => {
    const scope = requiredScope(request.url ?? '/');
    if (scope === null) {
      listener(request, response, requestId);
      return;
    }
    const who = authenticator.identify(request.headers);
    if (who instanceof Promise) void who.then((known) => decide(request, response, requestId, known, scope));
    else decide(request, response, requestId, who, scope);
  };
}
