// Announcements by Redis pub/sub, on a connection of their own. They are hints: some may be lost, and whoever hears one
// reads what is current.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

/** A subscriber hears nothing from a dead connection either: it is asked this often whether it is there. */
const heartbeatMs = 5000;

/** Calls `heard` for each announcement, and after each new connection, when some may have been missed. */
export function watchNews(redis: RedisClient, prefix: string, heard: () => void): () => void {
  const { news } = redisKeys(prefix);
  redis.on('message', heard);
  redis.on('ready', () => {
    redis.subscribe(news).then(heard, () => undefined);
  });
  const heartbeat = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => redis.disconnect(true));
  }, heartbeatMs);
  return () => {
    clearInterval(heartbeat);
    redis.disconnect();
  };
}
