// The shared counters of several hosts, in Redis: one key for each client and window.

import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisClient } from './redis-client.ts';

/** Adds tokens, or gives some back; resolves to all that were taken in the window. Rejects when Redis is not available. */
export function createRedisWindows(client: RedisClient, prefix: string, windowSeconds: number) {
  const limiter = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: `${prefix}:rate`,
    // The limits are compared where the tokens are spent: each client may have its own.
    points: Number.MAX_SAFE_INTEGER,
    duration: windowSeconds,
  });
  return async (
    name: string,
    tokens: number,
  ): Promise<{ readonly used: number; readonly resetsInMs: number }> => {
    const { consumedPoints, msBeforeNext } =
      tokens < 0 ? await limiter.reward(name, -tokens) : await limiter.consume(name, tokens);
    return { used: Math.max(0, consumedPoints), resetsInMs: msBeforeNext };
  };
}
