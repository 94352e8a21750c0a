// Connections to Redis on which nothing waits for ever: a frozen server is as good as none. A connection is used only in the
// database that is configured, and is given up when its server says that it is no primary that is ready.

import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { messageOf } from '#/kit/errors.ts';
import type { RedisAddress } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

const commandMs = 2000;
const connectMs = 2000;
const reconnectMsMax = 500;
/** A dead connection says nothing: each is asked this often whether it is there, and given up when it does not say. */
const heartbeatMs = 2000;

/**
 * The server of this connection is a replica, or loads its data anew, as a replica does that begins. Another server may be
 * the primary by now: a new connection finds it, by the name of its host or by Sentinel. Scripts of older servers tell of it
 * in the middle of an error of their own, behind a hyphen.
 */
const noPrimary = /(?:^|-)(?:READONLY|MASTERDOWN|LOADING)\b/;

/** Connects by itself, again and again; commands fail at once while it is not connected. `failed` hears of faults. */
export function createRedisClient(address: RedisAddress, failed: (error: Error) => void): RedisClient {
  const common = {
    reconnectOnError: ({ message }: Error) => noPrimary.test(message),
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
  if (client instanceof Redis) refuseHalfConnected(client);
  tellWhyNot(client);
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

/**
 * A connection on which a step before the first command has failed is given up: ioredis itself would go on in database 0
 * when the one that is configured cannot be selected.
 */
function refuseHalfConnected(client: Redis): void {
  client.on('error', () => {
    if (client.status === 'connect') client.disconnect(true);
  });
}

/** How ioredis says that there is no connection. */
const notConnected = /isn't writeable|isn't ready|max retries per request|Connection is closed/;

/** While there is no connection, commands fail with the reason: the first fault since it was tried last. */
function tellWhyNot(client: RedisClient): void {
  let reason: Error | null = null;
  let isNew = true;
  const blame = (error: Error & { lastNodeError?: Error }): void => {
    if (isNew) reason = error.lastNodeError ?? error;
    isNew = false;
  };
  client.on('error', blame);
  client.on('connecting', () => (isNew = true));
  client.on('ready', () => (reason = null));
  const send = client.sendCommand.bind(client) as Redis['sendCommand'];
  const explained: Redis['sendCommand'] = (command, ...rest) => {
    const reject = command.reject;
    command.reject = (error: Error) => {
      const isAway = reason !== null && notConnected.test(error.message);
      reject(isAway ? new Error(`Redis cannot be used: ${messageOf(reason)}`) : error);
    };
    return send(command, ...rest);
  };
  client.sendCommand = explained;
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
