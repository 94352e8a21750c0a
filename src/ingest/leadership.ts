// Leader election: of several hosts one leads, fetches and publishes until it loses the lease. Another host then continues from
// the archive.
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
  /** The highest fence in the archive. */
  readonly fence: () => Promise<number>;
  /** Leads with this lease until `stop`. */
  readonly lead: (lease: Lease, stop: AbortSignal) => Promise<void>;
  readonly trouble: Trouble;
  readonly log: Log;
  readonly clock: Clock;
}

const askEveryMs = 1000;
const renewEveryMs = 1000;
/** A leader that cannot renew its lease stops this long before it expires, so that its last writes end in time. */
const marginMs = 1500;

/** Resolves after `stop`, when this host has stopped leading. */
export async function keepLeadership(deps: LeadershipDeps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const lease = await acquire(deps);
    if (lease !== null) await leadWhileHeld(lease, deps, stop);
    await deps.clock.sleep(askEveryMs * (0.5 + deps.clock.random()), stop);
  }
}

/** Leads without a lease, on the only host; starts again when leading fails. */
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
      log.error(`stopped leading: ${messageOf(error)}`);
      trouble.report('archive', messageOf(error));
    });
    await clock.sleep(askEveryMs * (0.5 + clock.random()), stop);
  }
}

async function acquire({ leases, fence, trouble, log }: LeadershipDeps): Promise<Lease | null> {
  let floor: number;
  try {
    floor = await fence();
  } catch (error) {
    log.debug(`the fence could not be read from the archive: ${messageOf(error)}`);
    trouble.report('archive', messageOf(error));
    return null;
  }
  try {
    const lease = await leases.acquire(floor);
    trouble.report('lease', null);
    // A follower only reads the archive, and has just done so. A leader finds out whether it can write.
    if (lease === null) trouble.report('archive', null);
    return lease;
  } catch (error) {
    log.debug(`the lease could not be requested: ${messageOf(error)}`);
    trouble.report('archive', null);
    trouble.report('lease', messageOf(error));
    return null;
  }
}

async function leadWhileHeld(lease: Lease, deps: LeadershipDeps, stop: AbortSignal): Promise<void> {
  const { leases, lead, trouble, log } = deps;
  const lost = new AbortController();
  const ending = AbortSignal.any([stop, lost.signal]);
  log.info({ fence: lease.fence }, `leading with fence ${lease.fence}`);
  const leading = lead(lease, ending).catch((error: unknown) => {
    log.error(`stopped leading: ${messageOf(error)}`);
    if (!(error instanceof FencedOff)) trouble.report('archive', messageOf(error));
    lost.abort();
  });
  await renewing(lease, deps, ending);
  if (!stop.aborted) log.warn({ fence: lease.fence }, 'lost the lease: another host may lead');
  lost.abort();
  await leading;
  // The next leader reports publish faults; this host reports other trouble when it requests the lease again.
  trouble.report('publish', null);
  await leases.release(lease).catch(() => undefined);
}

/** Renews the lease until `ending`. Resolves earlier when the lease is lost, or could not be renewed in time. */
async function renewing(lease: Lease, { leases, clock }: LeadershipDeps, ending: AbortSignal): Promise<void> {
  let renewedAt = clock.elapsed();
  let silent = false;
  // A late renewal alone does not end the leadership: a process that was busy may still hold the lease, so it asks first.
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
