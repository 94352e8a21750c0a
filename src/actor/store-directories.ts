// Where a host keeps snapshots on its own disk: without Redis the only copy, with Redis the last good one.

import { join } from 'node:path';
import type { Config } from '#/config.ts';
import { isMissing } from '#/kit/files.ts';

/** The snapshot store of a host without Redis. */
export const localDirectory = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'snapshots');

/** With Redis, the copy of the last good snapshot. */
export const lastGoodDirectory = (config: Pick<Config, 'dataDir'>): string =>
  join(config.dataDir, 'last-good');

/** Files that no manifest names are kept this long: another worker of the host may be about to name them. */
export const lastGoodGraceMs = 600_000;

/** For `timed`: the disk is read before Redis, so a missing file is an answer, not a failure. */
export const onDisk = { isAnswer: isMissing };

/** Loaded only when Redis is configured: without it a process starts 0.2 s sooner. */
export const redisClient = () => import('#/store/redis-client.ts');
