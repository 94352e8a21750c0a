// Limits how much each client takes: a credential, or without one an address. A request costs a token for each 16 KB of its answer
// that it begins, so that large answers cost what they take.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account, Budgets } from '#/access/budgets.ts';
import type { ClientAddress } from '#/access/client-address.ts';
import type { Identity } from '#/access/identity.ts';
import { endWithError } from '#/http/envelope.ts';

export interface ThrottleOptions {
  readonly budgets: Budgets;
  readonly addressOf: ClientAddress;
  /** Tokens per window of a client without a limit of its own. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** As that of the budgets. */
  readonly now: () => number;
}

export interface Throttle {
  accountOf(request: IncomingMessage, who: Identity | null): Account;
  admit(account: Account): boolean | Promise<boolean>;
  /**
   * Adds the fields of draft-ietf-httpapi-ratelimit-headers to an answer of a client that has used half of its window. Two more
   * headers cost as much as the rest of a short answer, and a client that is far from its limit does not need them.
   */
  describe(response: ServerResponse, account: Account): void;
  spend(account: Account, bytes: number): void;
  refuse(response: ServerResponse, account: Account): void;
}

const bytesPerToken = 16_384;

export function createThrottle({ budgets, addressOf, limit, windowSeconds, now }: ThrottleOptions): Throttle {
  /** By limit: few clients have one of their own. */
  const policies = new Map<number, string>();
  const resetsIn = (account: Account): number =>
    Math.max(1, Math.min(windowSeconds, Math.ceil((account.resetsAt - now()) / 1000)));

  function policyOf(quota: number): string {
    let policy = policies.get(quota);
    if (policy === undefined) policies.set(quota, (policy = `"client";q=${quota};w=${windowSeconds}`));
    return policy;
  }

  function describe(response: ServerResponse, account: Account): void {
    const left = budgets.remaining(account);
    if (left * 2 > account.limit) return;
    response.setHeader('RateLimit-Policy', policyOf(account.limit));
    response.setHeader('RateLimit', `"client";r=${left};t=${resetsIn(account)}`);
  }

  return {
    accountOf({ socket, headers }, who) {
      if (who !== null) return budgets.accountOf(who.name, who.limit ?? limit);
      const forwarded = headers['x-forwarded-for'];
      const address = addressOf(socket.remoteAddress, typeof forwarded === 'string' ? forwarded : undefined);
      return budgets.accountOf(`address:${address}`, limit);
    },
    admit: (account) => budgets.admit(account),
    describe,
    spend(account, bytes) {
      // The first token was taken when the request was admitted.
      if (bytes > bytesPerToken) budgets.spend(account, Math.ceil(bytes / bytesPerToken) - 1);
    },
    refuse(response, account) {
      describe(response, account);
      const seconds = resetsIn(account);
      const message = `Got more than ${account.limit} tokens within ${windowSeconds} s, expected fewer; try again in ${seconds} s.`;
      endWithError(response, 429, 'rate_limited', message, { 'Retry-After': String(seconds) });
    },
  };
}
