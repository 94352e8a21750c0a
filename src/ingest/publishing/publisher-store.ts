// The snapshot store of ingest: a directory of this host, or Redis, to which only the holder of the lease publishes.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '#/config.ts';
import {
  lastGoodDirectory,
  lastGoodGraceMs,
  localDirectory,
  onDisk,
  redisClient,
} from '#/actor/store-directories.ts';
import { messageOf } from '#/kit/errors.ts';
import { throttled } from '#/kit/throttled.ts';
import { createLeases, holderOf, processName, type Holder, type Lease, type Leases } from '#/store/lease.ts';
import { openLocalStore } from '#/store/local.ts';
import { createRedisStore } from '#/store/redis.ts';
import type { SnapshotStore } from '#/store/store.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Meters } from '#/telemetry/meter.ts';
import type { storeMetrics } from '#/telemetry/metrics.ts';
import { timed } from '#/telemetry/timed.ts';

export interface PublisherStore {
  readonly store: SnapshotStore;
  /** The last good snapshot on this host's disk; null without Redis, since the store itself is on the disk. */
  readonly mirror: SnapshotStore | null;
  /** Null without Redis: this host always leads. */
  readonly leases: Leases | null;
  /** The host that holds the lease. */
  readonly holder: () => Promise<Holder | null>;
  /** The lease with which the store publishes from now on. */
  hold(lease: Lease | null): void;
}

export async function openPublisherStore(
  config: Config,
  log: Log,
  meters: Meters<typeof storeMetrics>,
  traceparent: () => string | null,
): Promise<PublisherStore> {
  if (config.redis === null) {
    const store = timed(await openLocalStore(localDirectory(config)), 'disk', meters, onDisk);
    return { store, mirror: null, leases: null, holder: () => Promise.resolve(null), hold: () => undefined };
  }
  const { createRedisClient } = await redisClient();
  let held: Lease | null = null;
  const redis = createRedisClient(
    config.redis,
    throttled((error) => log.warn(`redis: ${messageOf(error)}`)),
  );
  const leaseToken = (): string | null => held?.token ?? null;
  const options = {
    prefix: config.redisPrefix,
    leaseToken,
    now: Date.now,
    traceparent,
    notAnnounced: throttled((reason) =>
      log.warn(
        `Redis did not announce the new version; API workers find it by polling: ${messageOf(reason)}`,
      ),
    ),
  };
  const store = timed(createRedisStore(redis, options), 'redis', meters);
  const admin = config.adminPort === 0 ? null : `${config.adminHost}:${config.adminPort}`;
  const name = processName(hostname(), admin, randomUUID());
  const leases = createLeases(redis, config.redisPrefix, name);
  const holder = (): Promise<Holder | null> => holderOf(redis, config.redisPrefix, name);
  const mirror = timed(
    await openLocalStore(lastGoodDirectory(config), lastGoodGraceMs),
    'disk',
    meters,
    onDisk,
  );
  return { store, mirror, leases, holder, hold: (lease) => (held = lease) };
}
