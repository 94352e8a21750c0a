// The snapshot store of an API worker: a directory of this host, or Redis with the last good copy on this host's disk.

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
  /** Calls `onChange` when Redis may hold a new version, with the trace context; the supervisor announces those of this host. */
  watch(onChange: OnAnnouncement): void;
  close(): Promise<void>;
}

/** If Redis does not answer within this time, the host starts from its disk: it must serve within two seconds. */
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
  const warn = throttled((error) => log.warn(`redis: ${messageOf(error)}`));
  const redis = createRedisClient(config.redis, warn);
  const options = { prefix: config.redisPrefix, leaseToken: () => null, now: Date.now };
  const remote = timed(createRedisStore(redis, options), 'redis', meters);
  const mirror = createMirror(
    remote,
    disk,
    () => performance.now(),
    throttled((error) => log.warn(`the last good snapshot could not be kept: ${messageOf(error)}`)),
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
    polls: () => mirror.polls(),
    requestVerification: () => mirror.requestVerification(),
    retrieveManifest: (version) => mirror.retrieveManifest(version),
    retrieveSegment: (hash) => mirror.retrieveSegment(hash),
    readCompanion: (hash, from, length) => mirror.readCompanion(hash, from, length),
    keep: (manifest, pinned) => mirror.keep(manifest, pinned),
    watch(onChange) {
      unwatch = watchAnnouncements(subscriber, config.redisPrefix, onChange);
    },
    close() {
      unwatch();
      return remote.close();
    },
  };
}
