// Announcements by Redis pub/sub, on a connection of their own. They are hints: some may be lost, and whoever hears one
// reads what is current.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

/** Calls `heard` for each announcement, and after each new connection, when some may have been missed. */
export function watchNews(redis: RedisClient, prefix: string, heard: () => void): () => void {
  const { news } = redisKeys(prefix);
  const subscribe = (): void => void redis.subscribe(news).then(heard, () => undefined);
  redis.on('message', heard);
  redis.on('ready', subscribe);
  if (redis.status === 'ready') subscribe();
  return () => redis.disconnect();
}
