// Where an API worker takes tokens from: the supervisor's counters, or with Redis those that all hosts share. While Redis is not
// available, the supervisor's count for this host.

import type { RedisClient } from '#/store/redis-client.ts';
import { createBudgets, type Budgets, type Consume, type Consumed } from '#/access/budgets.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';
import { redisClient } from '#/actor/store-directories.ts';
import type { Config } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import { throttled } from '#/kit/throttled.ts';
import type { Log } from '#/telemetry/log.ts';

/** A supervisor that does not answer within this time must not delay answers. */
const answerMs = 500;
const waitingMax = 10_000;

export async function openRateBudgets(
  config: Pick<Config, 'redis' | 'redisPrefix'>,
  windowSeconds: number,
  log: Log,
): Promise<Budgets> {
  const warn = throttled((error) => log.warn(`limits are not counted: ${messageOf(error)}`));
  const ofHost = askSupervisor(windowSeconds * 1000);
  const consume = config.redis === null ? ofHost : await askRedis(config, windowSeconds, ofHost, warn);
  return createBudgets({ consume, now: () => performance.now(), failed: warn });
}

function askSupervisor(windowMs: number): Consume {
  const waiting = new Map<number, (consumed: Consumed) => void>();
  let last = 0;
  onSupervisorMessage((message) => {
    if (message.type === 'consumed') waiting.get(message.id)?.(message);
  });
  return (client, tokens) =>
    new Promise((resolve, reject) => {
      if (waiting.size >= waitingMax)
        return reject(new Error('Too many requests to the supervisor are waiting.'));
      const id = ++last;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`The supervisor did not answer within ${answerMs} ms.`));
      }, answerMs);
      waiting.set(id, (consumed) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(consumed);
      });
      sendToSupervisor({ type: 'consume', id, client, tokens, windowMs });
    });
}

async function askRedis(
  { redis, redisPrefix }: Pick<Config, 'redis' | 'redisPrefix'>,
  windowSeconds: number,
  otherwise: Consume,
  warn: (error: unknown) => void,
): Promise<Consume> {
  if (redis === null) return otherwise;
  const [{ createRedisClient }, { createRedisWindows }] = await Promise.all([
    redisClient(),
    import('#/store/rate-windows.ts'),
  ]);
  const client: RedisClient = createRedisClient(redis, () => undefined);
  const consume = createRedisWindows(client, redisPrefix, windowSeconds);
  return (name, tokens) =>
    consume(name, tokens).catch((error: unknown) => {
      warn(error);
      return otherwise(name, tokens);
    });
}
