// Where an API worker reads snapshots: this host's directory, or Redis with the directory as its last good copy.

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
import { openLocalStore } from '#/store/local.ts';
import { createMirror, type Mirror } from '#/store/mirror.ts';
import { watchAnnouncements, type OnAnnouncement } from '#/store/announcements.ts';
import { createRedisStore } from '#/store/redis.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Meters } from '#/telemetry/meter.ts';
import type { storeMetrics } from '#/telemetry/metrics.ts';
import { timed } from '#/telemetry/timed.ts';

export interface WorkerStore extends Mirror {
  /** Calls `heard` when there may be news, with the trace that they came of; what the supervisor hears comes on top. */
  watch(heard: OnAnnouncement): void;
  close(): Promise<void>;
}

/** A host starts from its disk when Redis does not answer by then: it must serve within two seconds. */
const redisWaitMs = 500;

export async function openWorkerStore(
  config: Config,
  log: Log,
  meters: Meters<typeof storeMetrics>,
): Promise<WorkerStore> {
  const directory = config.redis === null ? localDirectory(config) : lastGoodDirectory(config);
  const disk = timed(await openLocalStore(directory, lastGoodGraceMs), 'disk', meters, onDisk);
  if (config.redis === null) {
    const alone = { stale: false, answered: true, trouble: null };
    return { ...disk, ...alone, keep: () => Promise.resolve(), watch: () => undefined };
  }
  const { createRedisClient, firstTry } = await redisClient();
  const failed = throttled((error) => log.warn(`redis: ${messageOf(error)}`));
  const redis = createRedisClient(config.redis, failed);
  const options = { prefix: config.redisPrefix, leaseToken: () => null, now: Date.now };
  const remote = timed(createRedisStore(redis, options), 'redis', meters);
  const mirror = createMirror(
    remote,
    disk,
    () => performance.now(),
    throttled((error) => log.warn(`the last good snapshot was not kept: ${messageOf(error)}`)),
  );
  const subscriber = createRedisClient(config.redis, () => undefined);
  await firstTry(redis, redisWaitMs);
  let unwatch = (): void => subscriber.disconnect();
  return {
    get stale() {
      return mirror.stale;
    },
    get answered() {
      return mirror.answered;
    },
    get trouble() {
      return mirror.trouble;
    },
    target: () => mirror.target(),
    requestVerification: () => mirror.requestVerification(),
    retrieveManifest: (version) => mirror.retrieveManifest(version),
    retrieveSegment: (hash) => mirror.retrieveSegment(hash),
    keep: (manifest, pinned) => mirror.keep(manifest, pinned),
    watch(heard) {
      unwatch = watchAnnouncements(subscriber, config.redisPrefix, heard);
    },
    close() {
      unwatch();
      return remote.close();
    },
  };
}
