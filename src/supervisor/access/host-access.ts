// Access on this host: the rules that are in use, the issuer's keys for all processes, what clients have taken from all API
// workers, and the guard of the admin port.

import type { RequestListener } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { createAuthenticator, type Authenticator } from '#/access/authenticator.ts';
import { forWorkers, isClosed, type AccessRules, type Issuer } from '#/access/rules.ts';
import { createWindows } from '#/access/windows.ts';
import { createTokens, type IssuerKeySet, type Tokens } from '#/access/tokens.ts';
import type { ChildMessage, SupervisorMessage } from '#/actor/messages.ts';
import type { Config } from '#/config.ts';
import type { Action } from '#/http/access/action.ts';
import { withAdminGuard } from '#/http/access/admin-guard.ts';
import { messageOf } from '#/kit/errors.ts';
import { isLoopback } from '#/kit/machine/loopback.ts';
import { throttled } from '#/kit/throttled.ts';
import type { Log } from '#/telemetry/log.ts';
import type { SlotMetrics } from '#/supervisor/collected-metrics.ts';
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts';

export interface HostAccess {
  /** Wraps the listener of the admin port. */
  guarded(listener: RequestListener): RequestListener;
  /** Puts rules into use, in every process of the host, at once. */
  use(rules: AccessRules): void;
  /** Follows every process of a slot, also one that is not ready yet, or that is being replaced. */
  watching<Watch extends Pick<SlotMetrics, 'heard'>>(watch: Watch): Watch;
  stop(): void;
}

export interface HostAccessDeps {
  readonly config: Pick<Config, 'host' | 'adminHost' | 'access' | 'roles'>;
  /** Sends to every API worker. */
  readonly broadcast: (message: SupervisorMessage) => void;
  /** Records an action of an operator. */
  readonly acted: (action: Action) => void;
  readonly log: Log;
}

export function createHostAccess({ config, broadcast, acted, log }: HostAccessDeps): HostAccess {
  const windows = createWindows(() => performance.now());
  let rules = config.access;
  let tokens: Tokens | null = null;
  let issuerKeys: IssuerKeys | null = null;
  let authenticator: Authenticator = follow(rules.issuer);
  const warn = throttled((error) => log.warn(`the keys of the issuer cannot be read: ${messageOf(error)}`));
  const isOpen = (): boolean => isLoopback(config.adminHost) && rules.adminTokenHash === null;
  for (const line of openPorts(config, isOpen())) log.warn(line);

  /** With another issuer, nothing that was verified before holds. */
  function follow(issuer: Issuer | null): Authenticator {
    issuerKeys?.stop();
    [issuerKeys, tokens] = [null, null];
    if (issuer !== null) {
      const unknownKey = (): void => issuerKeys?.refresh();
      tokens = createTokens({ issuer, unknownKey, now: Date.now });
      issuerKeys = createIssuerKeys({ issuer, changed: keysChanged, failed: (error) => warn(error) });
    }
    return createAuthenticator(rules, tokens?.verify ?? null, Date.now);
  }

  function keysChanged(keys: IssuerKeySet): void {
    tokens?.use(keys);
    authenticator.forget();
    broadcast({ type: 'issuerKeys', keys });
  }

  /** A process that starts may have the rules of an earlier configuration. */
  function heard(message: ChildMessage, send: (message: SupervisorMessage) => void): void {
    if (message.type === 'consume') {
      const { id, client, tokens: taken, windowMs } = message;
      send({ type: 'consumed', id, ...windows.consume(client, taken, windowMs) });
    }
    if (message.type !== 'ready' && message.type !== 'unknownKey') return;
    if (message.type === 'ready') send({ type: 'access', rules: forWorkers(rules) });
    const keys = issuerKeys?.keys ?? null;
    if (keys !== null) send({ type: 'issuerKeys', keys });
    if (message.type === 'unknownKey') issuerKeys?.refresh();
  }

  return {
    guarded: (listener) =>
      withAdminGuard(
        {
          authenticator: { identify: (credentials) => authenticator.identify(credentials) },
          isOpen,
          acted(action) {
            log.info(action, 'admin request');
            acted(action);
          },
        },
        listener,
      ),
    use(next) {
      const isSameIssuer = isDeepStrictEqual(next.issuer, rules.issuer);
      rules = next;
      if (isSameIssuer) authenticator.use(next);
      else authenticator = follow(next.issuer);
      broadcast({ type: 'access', rules: forWorkers(next) });
    },
    watching: (watch) => ({
      ...watch,
      heard(message, from) {
        watch.heard(message, from);
        heard(message, from.send);
      },
    }),
    stop: () => issuerKeys?.stop(),
  };
}

const reachableBy = (address: string): string =>
  isLoopback(address) ? 'programs on this host' : 'everyone who reaches it';

/** What anyone who reaches a port may do, for the log of the start. */
function openPorts(
  { host, adminHost, access, roles }: HostAccessDeps['config'],
  isAdminOpen: boolean,
): string[] {
  const lines: string[] = [];
  if (roles.includes('api') && !isClosed(access))
    lines.push(`the search API is open to ${reachableBy(host)}: no API_KEYS_FILE and no AUTH_ISSUER`);
  if (isAdminOpen) lines.push(`the admin port is open to ${reachableBy(adminHost)}: no ADMIN_TOKEN`);
  return lines;
}
