// Connections to Redis on which nothing waits for ever: a frozen server is as good as none.

import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

const commandMs = 2000;
const connectMs = 2000;
const reconnectMsMax = 500;
/** A dead connection says nothing: each is asked this often whether it is there, and given up when it does not say. */
const heartbeatMs = 2000;

/** Connects by itself, again and again; commands fail at once while it is not connected. `failed` hears of faults. */
export function createRedisClient(address: RedisAddress, failed: (error: Error) => void): RedisClient {
  const common = {
    connectTimeout: connectMs,
    commandTimeout: commandMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    keepAlive: 5000,
    db: address.database,
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.tls ? { tls: {} } : {}),
  };
  const client = connect(address, common);
  client.on('error', failed);
  const heartbeat = setInterval(() => {
    for (const connection of client instanceof Cluster ? client.nodes() : [client]) {
      if (connection.status !== 'ready') continue;
      // A Cluster connects to its nodes anew by itself.
      connection.ping().catch(() => connection.disconnect(connection === client));
    }
  }, heartbeatMs);
  heartbeat.unref();
  client.once('end', () => clearInterval(heartbeat));
  return client;
}

/** Resolves once it is connected, or when that has failed, or after `withinMs`: not to be waited for any longer. */
export async function firstTry(client: RedisClient, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs);
  const outcomes = ['ready', 'close'].map((event) => once(client, event, { signal }));
  await Promise.race(outcomes).catch(() => undefined);
}

function connect({ kind, hosts, master }: RedisAddress, common: object): RedisClient {
  if (kind === 'cluster') {
    return new Cluster([...hosts], {
      redisOptions: common,
      clusterRetryStrategy: retryStrategy,
      enableOfflineQueue: false,
    });
  }
  const sentinels = { sentinels: [...hosts], name: master ?? '', sentinelRetryStrategy: retryStrategy };
  return new Redis({
    ...common,
    retryStrategy,
    ...(kind === 'sentinel' ? sentinels : hosts[0]),
  });
}

const retryStrategy = (times: number): number => Math.min(reconnectMsMax, 50 * times) * (0.5 + Math.random());
