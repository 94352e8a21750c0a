// The guard of an API worker: it follows the rules and the issuer's keys that the supervisor sends.

import { isDeepStrictEqual } from 'node:util';
import { createAuthenticator } from '#/access/authenticator.ts';
import { isClosed, type AccessRules } from '#/access/rules.ts';
import { createTokens, type IssuerKeySet } from '#/access/tokens.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';
import { withGuard, type RefusalReason } from '#/http/access/guard.ts';
import type { NamedListener } from '#/telemetry/request-id.ts';

const unknownKey = (): void => sendToSupervisor({ type: 'unknownKey' });

/** Null when the rules require no credential: requests then pass through nothing. */
export function createWorkerGuard(
  rules: AccessRules,
  refused: (reason: RefusalReason) => void,
): ((listener: NamedListener) => NamedListener) | null {
  if (!isClosed(rules)) return null;
  const { issuer } = rules;
  const tokens = issuer === null ? null : createTokens({ issuer, unknownKey, now: Date.now });
  const authenticator = createAuthenticator(rules, tokens?.verify ?? null, Date.now);
  let issuerKeys: IssuerKeySet | null = null;
  onSupervisorMessage((message) => {
    // Another issuer needs another worker, which the reload starts. What this one accepts only shrinks meanwhile.
    if (message.type === 'access') authenticator.use(message.rules);
    if (message.type === 'issuerKeys' && !isDeepStrictEqual(message.keys, issuerKeys)) {
      issuerKeys = message.keys;
      tokens?.use(message.keys);
      authenticator.forget();
    }
  });
  return (listener) => withGuard({ authenticator, refused }, listener);
}
