// Decides before any routing whether a request may be answered: by its credential, and by what its client has taken already.
// Where neither is configured, no request passes through this file.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '#/access/budgets.ts';
import type { Authenticator } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { refuseDenied, refuseScope } from './refusals.ts';
import { requiredScope, type Required } from './required-scope.ts';
import type { Throttle } from './throttle.ts';

/** Why a request was refused: the values of a label. */
export const refusalReasons = [
  'credential_missing',
  'credential_invalid',
  'credential_unverifiable',
  'scope_missing',
  'rate_limited',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface GuardOptions {
  /** Null: no operation needs a credential. */
  readonly authenticator: Pick<Authenticator, 'identify'> | null;
  /** Null: nothing is limited. */
  readonly throttle?: Throttle | null;
  readonly refused: (reason: RefusalReason) => void;
}

/** A request on its way through the guard. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string | undefined;
  readonly scope: Required;
  /** Null: the operation needs no credential. */
  readonly who: Identity | Denial | null;
}

/** Wraps a listener: it receives only requests that may be answered. */
export function withGuard(
  { authenticator, throttle = null, refused }: GuardOptions,
  listener: NamedListener,
): NamedListener {
  function decide({ request, response, requestId, scope, who }: Asked): void {
    if (typeof who === 'string') {
      nameResponse(response, requestId);
      refused(`credential_${who}`);
      refuseDenied(response, who);
    } else if (who !== null && scope !== null && scope !== 'any' && !who.scopes.has(scope)) {
      nameResponse(response, requestId);
      refused('scope_missing');
      refuseScope(response, scope);
    } else listener(request, response, requestId);
  }

  /** Requests without a valid credential count for their address: guessing is limited as well. */
  function limit(limits: Throttle, asked: Asked): void {
    const account = limits.accountOf(asked.request, typeof asked.who === 'string' ? null : asked.who);
    const isAdmitted = limits.admit(account);
    if (typeof isAdmitted === 'boolean') limited(limits, asked, account, isAdmitted);
    else void isAdmitted.then((is) => limited(limits, asked, account, is));
  }

  function limited(limits: Throttle, asked: Asked, account: Account, isAdmitted: boolean): void {
    const { request, response, requestId } = asked;
    if (!isAdmitted) {
      nameResponse(response, requestId);
      refused('rate_limited');
      limits.refuse(response, account);
      return;
    }
    limits.describe(response, account);
    const { socket } = request;
    const before = socket.bytesWritten;
    decide(asked);
    if (response.writableEnded) limits.spend(account, socket.bytesWritten - before);
    else response.once('close', () => limits.spend(account, socket.bytesWritten - before));
  }

  const proceed = throttle === null ? decide : limit.bind(null, throttle);

  return (request, response, requestId) => {
    const scope = authenticator === null ? null : requiredScope(request.url ?? '/');
    const who =
      authenticator === null || scope === null
        ? null
        : authenticator.identify(request.headers, request.socket);
    if (who instanceof Promise)
      void who.then((known) => proceed({ request, response, requestId, scope, who: known }));
    else proceed({ request, response, requestId, scope, who });
  };
}
