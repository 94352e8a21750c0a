// What a host says while another one leads: who that is and, where they share the archive, how each provider's last run
// ended. The leader says who it is in the value of its lease.

import { hostname } from 'node:os';
import type { Archive } from '#/archive/archive.ts';
import type { Clock } from '#/kit/clock.ts';
import type { Provider } from '#/provider/provider.ts';
import type { Holder } from '#/store/lease.ts';
import type { ChildMessage, ProviderState } from '#/actor/messages.ts';

import type { PollState } from '#/actor/messages.ts';

export interface FollowerDeps {
  /** Who holds the lease; null when nobody does. */
  readonly holder: () => Promise<Holder | null>;
  readonly archive: Pick<Archive, 'runs' | 'quarantineSize' | 'held'>;
  /** Whether the leader writes to the same archive. */
  readonly shared: boolean;
  readonly providers: readonly Provider[];
  readonly say: (message: ChildMessage) => void;
  readonly clock: Clock;
}

const lookMs = 2000;

/** Alone, this host leads for as long as it runs. */
export const sayAlone = (say: FollowerDeps['say']): void =>
  say({ type: 'leader', leader: { host: hostname(), admin: null, here: true, shared: true } });

/** Resolves when `stop` was called. While Redis or the archive is away, what was said last stands. */
export async function keepFollowing(deps: FollowerDeps, stop: AbortSignal): Promise<void> {
  const { holder, archive, shared, providers, say, clock } = deps;
  while (!stop.aborted) {
    const found = await holder().catch(() => undefined);
    if (found !== undefined) say({ type: 'leader', leader: found === null ? null : { ...found, shared } });
    if (shared && found?.here === false) {
      for (const provider of providers) {
        const state = await stateOf(provider, archive, null).catch(() => null);
        if (state !== null) say({ type: 'run', provider: provider.name, state });
      }
    }
    await clock.sleep(lookMs * (0.75 + clock.random() / 2), stop);
  }
}

/** What the archive knows of a provider. */
export async function stateOf(
  { name }: Provider,
  archive: FollowerDeps['archive'],
  poll: PollState | null,
): Promise<ProviderState> {
  const [lastRun = null] = await archive.runs(name, 1);
  return { lastRun, quarantined: await archive.quarantineSize(name), held: await archive.held(name), poll };
}
