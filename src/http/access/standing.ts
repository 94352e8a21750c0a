// How long a credential still allows the answer to a request. An answer that stays open, such as a stream of changes, must end
// with its credential: the guard has seen the request only once.

import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '#/access/authenticator.ts';
import type { Denial, Identity } from '#/access/identity.ts';
import { requiredScope } from './required-scope.ts';

export interface Standing {
  /** Milliseconds; at most 0 when the credential is not valid or lacks the scope, Infinity when it does not expire. */
  remainingMs(request: IncomingMessage): number | Promise<number>;
  /** Registers what is called when a credential may no longer be valid. */
  onChange(changed: () => void): void;
}

/** No operation needs a credential. */
export const unlimitedStanding: Standing = { remainingMs: () => Infinity, onChange: () => undefined };

export interface StandingOptions {
  readonly authenticator: Pick<Authenticator, 'identify'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `changed` must be called when the rules or the issuer's keys have changed. */
export function createStanding({ authenticator, now }: StandingOptions): Standing & { changed(): void } {
  const listeners: (() => void)[] = [];
  return {
    remainingMs({ url = '/', headers, socket }) {
      const scope = requiredScope(url);
      if (scope === null) return Infinity;
      const left = (who: Identity | Denial): number =>
        typeof who === 'string' || (scope !== 'any' && !who.scopes.has(scope)) ? 0 : who.expiresAt - now();
      const who = authenticator.identify(headers, socket);
      return who instanceof Promise ? who.then(left) : left(who);
    },
    onChange: (changed) => void listeners.push(changed),
    changed() {
      for (const changed of listeners) changed();
    },
  };
}
