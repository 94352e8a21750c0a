// The right to publish: held by one host at a time, for as long as it renews it. Each new holder gets a higher fence, so
// that one that was frozen and wakes up late is known to be late.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

export interface Lease {
  /** Rises from holder to holder. */
  readonly fence: number;
  /** What stands in Redis while this host holds it. */
  readonly token: string;
}

/** A holder that has not renewed for this long may lose it. */
export const leaseMs = 5000;

/** What a frozen Redis was asked for it may grant when it wakes up, and nobody waits: whoever asked may ask again. */
const acquireScript = `
local held = redis.call('get', KEYS[1])
if held and string.match(held, '^%d+:(.*)$') ~= ARGV[2] then return 0 end
local fence = math.max(tonumber(redis.call('get', KEYS[2]) or '0'), tonumber(ARGV[1])) + 1
redis.call('set', KEYS[2], fence)
redis.call('set', KEYS[1], fence .. ':' .. ARGV[2], 'PX', ARGV[3])
return fence`;

/** One that has run out is taken up again as long as the fence says that nobody held it since. */
const renewScript = `
local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
if not held and redis.call('get', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const releaseScript = `
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
return 1`;

/** Who leads. */
export interface Holder {
  readonly host: string;
  /** Address and port of its admin server; null when it is not known. */
  readonly admin: string | null;
  /** It is this process. */
  readonly here: boolean;
}

/** The name of a process among all, which says to people where it is. */
export const processName = (host: string, admin: string | null, id: string): string =>
  `${host} ${admin ?? '-'} ${id}`;

/** Who holds the lease; null when nobody does. `name` is that of this process. */
export async function holderOf(redis: RedisClient, prefix: string, name: string): Promise<Holder | null> {
  const token = await redis.get(redisKeys(prefix).lease);
  if (token === null) return null;
  const held = token.replace(/^\d+:/, '');
  const [host = '', admin = '-'] = held.split(' ');
  return { host, admin: admin === '-' ? null : admin, here: held === name };
}

export interface Leases {
  /** Null when another host holds it. `floor`: the highest fence known from elsewhere, should Redis have lost its own. */
  acquire(floor: number): Promise<Lease | null>;
  /** False when another has it, or has had it. Throws when Redis does not say: then it may be lost. */
  renew(lease: Lease): Promise<boolean>;
  release(lease: Lease): Promise<void>;
}

/** `host` names this process among all. It acquires what it does not hold, as far as it knows: an older lease of its own ends. */
export function createLeases(redis: RedisClient, prefix: string, host: string): Leases {
  const { lease: key, fence: fenceKey } = redisKeys(prefix);
  return {
    async acquire(floor) {
      const fence = Number(await redis.eval(acquireScript, 2, key, fenceKey, floor, host, leaseMs));
      return fence === 0 ? null : { fence, token: `${fence}:${host}` };
    },
    renew: async ({ token, fence }) =>
      Number(await redis.eval(renewScript, 2, key, fenceKey, token, leaseMs, fence)) === 1,
    async release({ token }) {
      await redis.eval(releaseScript, 1, key, token);
    },
  };
}
