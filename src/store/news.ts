// Announcements by Redis pub/sub, on a connection of their own. They are hints: some may be lost, and whoever hears one
// reads what is current.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

/** `traceparent`: W3C trace context of the publish; null when it is not traced, or nothing was said. */
export type Heard = (traceparent: string | null) => void;

/** Calls `heard` for each announcement, and after each new connection, when some may have been missed. */
export function watchNews(redis: RedisClient, prefix: string, heard: Heard): () => void {
  const { news } = redisKeys(prefix);
  const missed = (): void => heard(null);
  const subscribe = (): void => void redis.subscribe(news).then(missed, () => undefined);
  redis.on('message', (_channel: string, text: string) => heard(text.split(' ')[1] ?? null));
  redis.on('ready', subscribe);
  if (redis.status === 'ready') subscribe();
  return () => redis.disconnect();
}
