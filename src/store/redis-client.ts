// Connections to Redis on which nothing waits indefinitely: a frozen server counts as unavailable. A connection uses only the
// configured database, and is closed when its server reports that it is not a primary or not ready.

import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { messageOf } from '#/kit/errors.ts';
import type { RedisAddress } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

const commandMs = 2000;
const connectMs = 2000;
const reconnectMsMax = 500;
/** A dead connection gives no error: each connection is pinged this often, and closed when there is no reply. */
const heartbeatMs = 2000;

/**
 * The server is a replica, or is loading its data, as a new replica does. Another server may be the primary by now; a new
 * connection finds it by host name or Sentinel. In script errors of older servers, the code follows a hyphen inside the
 * message.
 */
const notPrimary = /(?:^|-)(?:READONLY|MASTERDOWN|LOADING)\b/;

/** Reconnects by itself; commands fail immediately while it is disconnected. `failed` receives connection errors. */
export function createRedisClient(address: RedisAddress, failed: (error: Error) => void): RedisClient {
  const common = {
    reconnectOnError: ({ message }: Error) => notPrimary.test(message),
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
  if (client instanceof Redis) closeHalfConnected(client);
  explainFailures(client);
  const heartbeat = setInterval(() => {
    for (const connection of client instanceof Cluster ? client.nodes() : [client]) {
      if (connection.status !== 'ready') continue;
      // A Cluster reconnects to its nodes by itself.
      connection.ping().catch(() => connection.disconnect(connection === client));
    }
  }, heartbeatMs);
  heartbeat.unref();
  client.once('end', () => clearInterval(heartbeat));
  return client;
}

/**
 * Closes a connection on which a step before the first command failed. When the configured database cannot be selected,
 * ioredis itself would continue in database 0.
 */
function closeHalfConnected(client: Redis): void {
  client.on('error', () => {
    if (client.status === 'connect') client.disconnect(true);
  });
}

/** The messages of ioredis for a missing connection. */
const notConnected = /isn't writeable|isn't ready|max retries per request|Connection is closed/;

/** While there is no connection, commands fail with the reason: the first error of the latest attempt. */
function explainFailures(client: RedisClient): void {
  let reason: Error | null = null;
  let isNew = true;
  const remember = (error: Error & { lastNodeError?: Error }): void => {
    if (isNew) reason = error.lastNodeError ?? error;
    isNew = false;
  };
  client.on('error', remember);
  client.on('connecting', () => (isNew = true));
  client.on('ready', () => (reason = null));
  const send = client.sendCommand.bind(client) as Redis['sendCommand'];
  const explained: Redis['sendCommand'] = (command, ...rest) => {
    const reject = command.reject;
    command.reject = (error: Error) => {
      const isDisconnected = reason !== null && notConnected.test(error.message);
      reject(isDisconnected ? new Error(`Redis is not available: ${messageOf(reason)}`) : error);
    };
    return send(command, ...rest);
  };
  client.sendCommand = explained;
}

/** Resolves when the client is connected, when the first attempt has failed, or after `withinMs`, whichever is first. */
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
