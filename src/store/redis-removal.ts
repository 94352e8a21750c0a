// Removes from Redis the segments that no kept manifest names, and their companions.

import type { RedisClient } from './redis-client.ts';
import { dropSegmentsScript } from './scripts.ts';

/** A worker that has just read a manifest has this long to retrieve its segments. */
const unnamedGraceMs = 60_000;

export interface Removal {
  /** Of the lease. */
  readonly token: string;
  /** The segments of kept manifests. */
  readonly named: ReadonlySet<string>;
  /** Segments that none of them names. */
  readonly unnamed: readonly string[];
  /** These are all, so that companions without a segment are looked for too. */
  readonly isWhole: boolean;
}

/** See redis.ts. */
interface Keys {
  readonly lease: string;
  readonly unnamed: string;
  readonly segments: string;
  readonly companions: string;
  segment(hash: string): string;
  companion(hash: string): string;
}

export function createRemoval(
  redis: RedisClient,
  keys: Keys,
  now: () => number,
): (removal: Removal) => Promise<void> {
  async function companionsAlone(): Promise<string[]> {
    const stored = new Set(await redis.smembers(keys.segments));
    return (await redis.smembers(keys.companions)).filter((hash) => !stored.has(hash));
  }

  async function drop(
    token: string,
    set: string,
    keyOf: (hash: string) => string,
    hashes: readonly string[],
  ): Promise<void> {
    if (hashes.length === 0) return;
    const gone = [keys.lease, set, keys.unnamed, ...hashes.map(keyOf)];
    await redis.eval(dropSegmentsScript, gone.length, ...gone, token, ...hashes);
  }

  return async ({ token, named, unnamed, isWhole }) => {
    if (unnamed.length > 0) await redis.zadd(keys.unnamed, 'NX', ...unnamed.flatMap((hash) => [now(), hash]));
    const aged = await redis.zrangebyscore(keys.unnamed, '-inf', now() - unnamedGraceMs);
    const again = aged.filter((hash) => named.has(hash));
    if (again.length > 0) await redis.zrem(keys.unnamed, ...again);
    const old = aged.filter((hash) => !named.has(hash));
    await drop(token, keys.segments, keys.segment, old);
    // A companion stays as long as its segment. An earlier version of Marquee removes segments without their companions.
    await drop(token, keys.companions, keys.companion, isWhole ? await companionsAlone() : old);
  };
}
