// The guard of an API worker: it follows the rules and the issuer's keys that the supervisor sends, and limits what clients take.

import { isDeepStrictEqual } from 'node:util';
import { createAuthenticator, type Authenticator } from '#/access/authenticator.ts';
import { createClientAddress } from '#/access/client-address.ts';
import { isClosed, type AccessRules } from '#/access/rules.ts';
import { createTokens, type IssuerKeySet } from '#/access/tokens.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';
import type { Config } from '#/config.ts';
import { withGuard, type RefusalReason } from '#/http/access/guard.ts';
import { createStanding, unlimitedStanding, type Standing } from '#/http/access/standing.ts';
import { createThrottle, type Throttle } from '#/http/access/throttle.ts';
import type { Log } from '#/telemetry/log.ts';
import type { NamedListener } from '#/telemetry/request-id.ts';
import { openRateBudgets } from './rate-budgets.ts';

const unknownKey = (): void => sendToSupervisor({ type: 'unknownKey' });

export interface WorkerGuard {
  /** Null when nothing is required and nothing is limited: requests then pass through nothing. */
  readonly guard: ((listener: NamedListener) => NamedListener) | null;
  readonly standing: Standing;
}

export async function openWorkerGuard(
  config: Config,
  denied: { inc(labels: { readonly reason: RefusalReason }): void },
  log: Log,
): Promise<WorkerGuard> {
  const refused = (reason: RefusalReason): void => denied.inc({ reason });
  const followed = isClosed(config.access) ? followRules(config.access) : null;
  const { authenticator = null, standing = unlimitedStanding } = followed ?? {};
  const throttle = config.rate === null ? null : await openThrottle(config, config.rate, log);
  if (authenticator === null && throttle === null) return { guard: null, standing };
  return { guard: (listener) => withGuard({ authenticator, throttle, refused }, listener), standing };
}

function followRules(rules: AccessRules): { authenticator: Authenticator; standing: Standing } {
  const { issuer } = rules;
  const tokens = issuer === null ? null : createTokens({ issuer, unknownKey, now: Date.now });
  const authenticator = createAuthenticator(rules, tokens?.verify ?? null, Date.now);
  const standing = createStanding({ authenticator, now: Date.now });
  let issuerKeys: IssuerKeySet | null = null;
  onSupervisorMessage((message) => {
    // Another issuer needs another worker, which the reload starts. What this one accepts only shrinks meanwhile.
    if (message.type === 'access') {
      authenticator.use(message.rules);
      standing.changed();
    }
    if (message.type === 'issuerKeys' && !isDeepStrictEqual(message.keys, issuerKeys)) {
      issuerKeys = message.keys;
      tokens?.use(message.keys);
      authenticator.forget();
      standing.changed();
    }
  });
  return { authenticator, standing };
}

async function openThrottle(
  config: Config,
  { limit, windowSeconds, trustedProxies }: NonNullable<Config['rate']>,
  log: Log,
): Promise<Throttle> {
  const budgets = await openRateBudgets(config, windowSeconds, log);
  const addressOf = createClientAddress(trustedProxies);
  return createThrottle({ budgets, addressOf, limit, windowSeconds, now: () => performance.now() });
}
