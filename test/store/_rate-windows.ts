// Counters in a real Redis, as a worker has them.

import { once } from 'node:events';
import { createRedisClient } from '#/store/redis-client.ts';
import { createRedisWindows } from '#/store/rate-windows.ts';
import { addressOf } from './_snapshots.ts';

export async function createRateWindowsFor(
  t: { teardown(end: () => void): void },
  url: string,
  prefix: string,
  windowSeconds: number,
): Promise<ReturnType<typeof createRedisWindows>> {
  const client = createRedisClient(addressOf(url), () => undefined);
  t.teardown(() => client.disconnect());
  if (client.status !== 'ready') await once(client, 'ready');
  return createRedisWindows(client, prefix, windowSeconds);
}
