// Where a host keeps snapshots on its own disk: the only copy without Redis, the last good one with it.

import { join } from 'node:path';
import type { Config } from '#/config.ts';
import { isMissing } from '#/kit/files.ts';

/** The snapshot store of a host without Redis. */
export const localDirectory = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'snapshots');

/** With Redis, the copy of the last good snapshot. */
export const lastGoodDirectory = (config: Pick<Config, 'dataDir'>): string =>
  join(config.dataDir, 'last-good');

/** Files that no manifest names stay this long: another worker of the host may be about to name them. */
export const lastGoodGraceMs = 600_000;

/** For `timed`: the disk is asked first for what Redis has, so a missing file is an answer and not a failure. */
export const onDisk = { isAnswer: isMissing };

/** Loaded only where it is used: a process starts 0.2 s sooner without it. */
export const redisClient = () => import('#/store/redis-client.ts');
