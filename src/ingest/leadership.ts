// Many hosts, one leader: it fetches and publishes until it loses the lease, and another goes on from the archive.
//
//   waiting ──acquired──▶ leading ──lost, or not renewed in time──▶ waiting
//      ▲                                                               │
//      └───────────────────────────────────────────────────────────────┘

import { FencedOff } from '#/archive/leader.ts';
import { leaseMs, type Lease, type Leases } from '#/store/lease.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Trouble } from '#/actor/trouble.ts';

export interface LeadershipDeps {
  readonly leases: Leases;
  /** The highest fence that the archive knows. */
  readonly fence: () => Promise<number>;
  /** Leads until `stop`; with the lease at hand, but not for longer than it is held. */
  readonly lead: (lease: Lease, stop: AbortSignal) => Promise<void>;
  readonly trouble: Trouble;
  readonly log: Log;
  readonly clock: Clock;
}

const askEveryMs = 1000;
const renewEveryMs = 1000;
/** A leader steps down this long before the lease runs out: by then it has surely stopped writing. */
const marginMs = 1500;

/** Resolves when `stop` was called and this host has stopped leading. */
export async function keepLeadership(deps: LeadershipDeps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const lease = await acquire(deps);
    if (lease !== null) await leadWhileHeld(lease, deps, stop);
    await deps.clock.sleep(askEveryMs * (0.5 + deps.clock.random()), stop);
  }
}

/** The same where there is no other host: when leading fails, it is tried again. */
export async function leadAlone(
  {
    lead,
    trouble,
    log,
    clock,
  }: Pick<LeadershipDeps, 'trouble' | 'log' | 'clock'> & {
    readonly lead: (stop: AbortSignal) => Promise<void>;
  },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await lead(stop).catch((error: unknown) => {
      log.error(`leading ended: ${messageOf(error)}`);
      trouble.tell('archive', messageOf(error));
    });
    await clock.sleep(askEveryMs * (0.5 + clock.random()), stop);
  }
}

async function acquire({ leases, fence, trouble, log }: LeadershipDeps): Promise<Lease | null> {
  let floor: number;
  try {
    floor = await fence();
  } catch (error) {
    log.debug(`the archive did not tell its fence: ${messageOf(error)}`);
    trouble.tell('archive', messageOf(error));
    return null;
  }
  try {
    const lease = await leases.acquire(floor);
    trouble.tell('lease', null);
    // Who leads finds out whether the archive can be written to; for all others it is enough that it can be read.
    if (lease === null) trouble.tell('archive', null);
    return lease;
  } catch (error) {
    log.debug(`the lease could not be asked for: ${messageOf(error)}`);
    trouble.tell('archive', null);
    trouble.tell('lease', messageOf(error));
    return null;
  }
}

async function leadWhileHeld(lease: Lease, deps: LeadershipDeps, stop: AbortSignal): Promise<void> {
  const { leases, lead, trouble, log } = deps;
  const lost = new AbortController();
  const ending = AbortSignal.any([stop, lost.signal]);
  log.info({ fence: lease.fence }, `leading with fence ${lease.fence}`);
  const leading = lead(lease, ending).catch((error: unknown) => {
    log.error(`leading ended: ${messageOf(error)}`);
    if (!(error instanceof FencedOff)) trouble.tell('archive', messageOf(error));
    lost.abort();
  });
  await renewing(lease, deps, ending);
  if (!stop.aborted) log.warn({ fence: lease.fence }, 'the lease is lost, another host may lead');
  lost.abort();
  await leading;
  // Whoever leads next has that to report; what kept this host from leading on shows when it asks for the lease again.
  trouble.tell('publish', null);
  await leases.release(lease).catch(() => undefined);
}

/** Resolves when the lease is lost, or may be, or nobody wants it any more. */
async function renewing(lease: Lease, { leases, clock }: LeadershipDeps, ending: AbortSignal): Promise<void> {
  let renewedAt = clock.elapsed();
  let silent = false;
  // Who was only busy asks, however late it is: it may still hold the lease, and then has lost nothing.
  const over = (): boolean => ending.aborted || (silent && clock.elapsed() - renewedAt > leaseMs - marginMs);
  while (!over()) {
    await clock.sleep(renewEveryMs, ending);
    if (over()) return;
    const asked = clock.elapsed();
    const still = await leases.renew(lease).catch(() => null);
    if (still === false) return;
    silent = still === null;
    if (!silent) renewedAt = asked;
  }
}
