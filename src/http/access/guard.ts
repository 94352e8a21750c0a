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

/** Null: the operation needs none. */
type Who = Identity | Denial | null;

/** Wraps a listener: it receives only requests that may be answered. */
export function withGuard(
  { authenticator, throttle = null, refused }: GuardOptions,
  listener: NamedListener,
): NamedListener {
  function decide(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    who: Who,
    scope: Required,
  ): void {
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
  function limit(
    limits: Throttle,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    who: Who,
    scope: Required,
  ): void {
    const account = limits.accountOf(request, typeof who === 'string' ? null : who);
    const isAdmitted = limits.admit(account);
    if (typeof isAdmitted === 'boolean')
      limited(limits, request, response, requestId, who, scope, account, isAdmitted);
    else void isAdmitted.then((is) => limited(limits, request, response, requestId, who, scope, account, is));
  }

  function limited(
    limits: Throttle,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    who: Who,
    scope: Required,
    account: Account,
    isAdmitted: boolean,
  ): void {
    if (!isAdmitted) {
      nameResponse(response, requestId);
      refused('rate_limited');
      limits.refuse(response, account);
      return;
    }
    limits.describe(response, account);
    const { socket } = request;
    const before = socket.bytesWritten;
    decide(request, response, requestId, who, scope);
    if (response.writableEnded) limits.spend(account, socket.bytesWritten - before);
    else response.once('close', () => limits.spend(account, socket.bytesWritten - before));
  }

  const next = throttle === null ? decide : limit.bind(null, throttle);
  const later = async (
    who: Promise<Who>,
    ...[request, response, requestId, scope]: [...Parameters<NamedListener>, Required]
  ): Promise<void> => next(request, response, requestId, await who, scope);

  return (request, response, requestId) => {
    const scope = authenticator === null ? null : requiredScope(request.url ?? '/');
    const who =
      authenticator === null || scope === null
        ? null
        : authenticator.identify(request.headers, request.socket);
    if (who instanceof Promise) void later(who, request, response, requestId, scope);
    else next(request, response, requestId, who, scope);
  };
}
