// Announcements by Redis pub/sub, on a connection of their own. An announcement is a hint and may be lost; a worker that
// receives one reads `current`.

import type { RedisClient } from './redis-client.ts';
import { redisKeys } from './redis.ts';

/** `traceparent`: the W3C trace context of the publish; null when there is none or the message is unknown. */
export type OnAnnouncement = (traceparent: string | null) => void;

/** Calls `announced` for each announcement, and after each new connection, since some may have been missed. */
export function watchAnnouncements(
  redis: RedisClient,
  prefix: string,
  announced: OnAnnouncement,
): () => void {
  const { channel } = redisKeys(prefix);
  const missed = (): void => announced(null);
  const subscribe = (): void => void redis.subscribe(channel).then(missed, () => undefined);
  redis.on('message', (_channel: string, text: string) => announced(text.split(' ')[1] ?? null));
  redis.on('ready', subscribe);
  if (redis.status === 'ready') subscribe();
  return () => redis.disconnect();
}
