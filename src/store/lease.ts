// The lease: the right to publish. One host holds it, for as long as it renews it. Each new holder gets a higher fence, so that
// a former holder that was suspended and resumes can be recognised.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

export interface Lease {
  /** Increases with each new holder. */
  readonly fence: number;
  /** The value in Redis while this host holds the lease. */
  readonly token: string;
}

/** A lease expires after this time without a renewal. */
export const leaseMs = 5000;

/** A frozen Redis may grant an acquire long after its caller gave up. So a process may acquire a lease that it already holds. */
const acquireScript = `
local held = redis.call('get', KEYS[1])
if held and string.match(held, '^%d+:(.*)$') ~= ARGV[2] then return 0 end
local fence = math.max(tonumber(redis.call('get', KEYS[2]) or '0'), tonumber(ARGV[1])) + 1
redis.call('set', KEYS[2], fence)
redis.call('set', KEYS[1], fence .. ':' .. ARGV[2], 'PX', ARGV[3])
return fence`;

/** Renews an expired lease too, as long as the fence shows that no other process has held it since. */
const renewScript = `
local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
if not held and redis.call('get', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const releaseScript = `
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
return 1`;

/** The current leader. */
export interface Holder {
  readonly host: string;
  /** Address and port of its admin server; null when it is not known. */
  readonly admin: string | null;
  /** True when the leader is this process. */
  readonly here: boolean;
}

/** The unique name of a process. It contains the host and the admin address, for people to find it. */
export const processName = (host: string, admin: string | null, id: string): string =>
  `${host} ${admin ?? '-'} ${id}`;

/** The holder of the lease; null when there is none. `name` is that of this process. */
export async function holderOf(redis: RedisClient, prefix: string, name: string): Promise<Holder | null> {
  const token = await redis.get(redisKeys(prefix).lease);
  if (token === null) return null;
  const held = token.replace(/^\d+:/, '');
  const [host = '', admin = '-'] = held.split(' ');
  return { host, admin: admin === '-' ? null : admin, here: held === name };
}

export interface Leases {
  /** Null when another process holds it. `floor`: the highest fence known from elsewhere, in case Redis lost its own. */
  acquire(floor: number): Promise<Lease | null>;
  /** False when another process holds it or has held it since. Throws when Redis does not answer: the lease may be lost. */
  renew(lease: Lease): Promise<boolean>;
  release(lease: Lease): Promise<void>;
}

/** `host` is the unique name of this process. Acquiring ends an older lease of the same process. */
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
