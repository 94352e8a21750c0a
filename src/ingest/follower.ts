// What a host reports while another one leads: the leader and, if they share the archive, each provider's last run. The value
// of the lease names the leader.

import { hostname } from 'node:os';
import type { Archive } from '#/archive/archive.ts';
import type { Clock } from '#/kit/clock.ts';
import type { Provider } from '#/provider/provider.ts';
import type { Holder } from '#/store/lease.ts';
import type { ChildMessage, ProviderState } from '#/actor/messages.ts';

import type { PollState } from '#/actor/messages.ts';

export interface FollowerDeps {
  /** The host that holds the lease; null when none does. */
  readonly holder: () => Promise<Holder | null>;
  readonly archive: Pick<Archive, 'runs' | 'quarantineSize' | 'held'>;
  /** Whether the leader writes to the same archive. */
  readonly shared: boolean;
  readonly providers: readonly Provider[];
  readonly sendToSupervisor: (message: ChildMessage) => void;
  readonly clock: Clock;
}

const lookMs = 2000;

/** Without Redis this host always leads. */
export const reportAlone = (sendToSupervisor: FollowerDeps['sendToSupervisor']): void =>
  sendToSupervisor({ type: 'leader', leader: { host: hostname(), admin: null, here: true, shared: true } });

/** Resolves after `stop`. While Redis or the archive is unreachable, the last report stays valid. */
export async function keepFollowing(deps: FollowerDeps, stop: AbortSignal): Promise<void> {
  const { holder, archive, shared, providers, sendToSupervisor, clock } = deps;
  while (!stop.aborted) {
    const found = await holder().catch(() => undefined);
    if (found !== undefined)
      sendToSupervisor({ type: 'leader', leader: found === null ? null : { ...found, shared } });
    if (shared && found?.here === false) {
      for (const provider of providers) {
        const state = await stateOf(provider, archive, null).catch(() => null);
        if (state !== null) sendToSupervisor({ type: 'run', provider: provider.name, state });
      }
    }
    await clock.sleep(lookMs * (0.75 + clock.random() / 2), stop);
  }
}

/** A provider's state from the archive, with `poll`. */
export async function stateOf(
  { name }: Provider,
  archive: FollowerDeps['archive'],
  poll: PollState | null,
): Promise<ProviderState> {
  const [lastRun = null] = await archive.runs(name, 1);
  return { lastRun, quarantined: await archive.quarantineSize(name), held: await archive.held(name), poll };
}
