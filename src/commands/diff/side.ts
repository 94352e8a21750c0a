// One version of a snapshot store that the command line names: a directory, or a deployment in Redis.

import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#/kit/command-line/command.ts';
import { withoutCredentials } from '#/kit/redact.ts';
import { openLocalStore } from '#/store/local.ts';
import { parseRedisUrl } from '#/store/redis-url.ts';
import type { Side } from '#/store/diff/compare.ts';
import type { SnapshotStore } from '#/store/store.ts';

export interface OpenSide extends Side {
  readonly name: string;
  close(): Promise<void>;
}

const connectMs = 5000;

/**
 * `text`: `STORE` or `STORE@VERSION`; without a version, the one that is served. A directory is a snapshot store or a DATA_DIR.
 * Throws UsageError, or when the store or the version cannot be read.
 */
export async function openSide(text: string, prefix: string): Promise<OpenSide> {
  const [, place = text, digits] = /^(.*)@([1-9]\d{0,14})$/.exec(text) ?? [];
  const store = await (/^rediss?(\+\w+)?:/.test(place) ? openRedis(place, prefix) : openDirectory(place));
  try {
    const shown = withoutCredentials(place);
    const version = digits === undefined ? (await store.target())?.version : Number(digits);
    if (version === undefined) throw new Error(`Got no published version in ${shown}, expected one.`);
    const manifest = await store.retrieveManifest(version).catch((error: unknown) => {
      throw new Error(`Version ${version} of ${shown} cannot be read.`, { cause: error });
    });
    return { store, manifest, name: `${shown}@${version}`, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openDirectory(path: string): Promise<SnapshotStore> {
  // The store would create what is missing.
  for (const directory of [path, join(path, 'snapshots'), join(path, 'last-good')])
    if (await isDirectory(join(directory, 'manifests'))) return openLocalStore(directory);
  throw new UsageError(`Got ${path}, expected a directory with snapshots, or a Redis URL.`);
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** It publishes nothing: it has no lease. */
async function openRedis(url: string, prefix: string): Promise<SnapshotStore> {
  const address = parseRedisUrl(url);
  if (address === null)
    throw new UsageError('Got a Redis URL that is not valid, expected the form of REDIS_URL.');
  const { createRedisClient } = await import('#/store/redis-client.ts');
  const { createRedisStore } = await import('#/store/redis.ts');
  const redis = createRedisClient(address, () => undefined);
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) });
  } catch (error) {
    redis.disconnect();
    throw new Error(`${withoutCredentials(url)} did not answer within ${connectMs} ms.`, { cause: error });
  }
  return createRedisStore(redis, { prefix, leaseToken: () => null, now: Date.now });
}
