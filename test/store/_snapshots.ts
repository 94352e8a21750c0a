// Small catalogues, published as by the publisher, and the stores for them.

import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import { eventId } from '#/domain/identity.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { buildSegment } from '#/snapshot/build.thread.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import { createLeases, type Lease, type Leases } from '#/store/lease.ts';
import { createRedisClient, type RedisClient } from '#/store/redis-client.ts';
import { createRedisStore, redisKeys } from '#/store/redis.ts';
import { parseRedisUrl, type RedisAddress } from '#/store/redis-url.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { plainDetails } from '../_support/catalogue.ts';

const hourMs = 3_600_000;

/** One event at noon on the first of each month of 2026, all with this title. */
export function eventsOf(title: string, count = 3): DetailedEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const start = Date.UTC(2026, i, 1, 12);
    const localOf = (instant: number): string => new Date(instant).toISOString().slice(0, 19);
    return {
      id: eventId('test', String(i), '1'),
      title,
      startLocal: localOf(start),
      endLocal: localOf(start + hourMs),
      start,
      end: start + hourMs,
      minPrice: 1000,
      maxPrice: 2000 + i,
      ...plainDetails,
    };
  });
}

/** A segment per month. */
export const segmentsOf = (events: readonly DetailedEvent[]) =>
  events.map((event) => buildSegment(event.startLocal.slice(0, 7), [event]));

/** Puts the segments of the events and publishes their manifest. */
export async function publishEvents(
  store: SnapshotStore,
  version: number,
  events: readonly DetailedEvent[] = eventsOf(`version ${version}`),
  polledAt: number | null = null,
): Promise<Manifest> {
  const built = segmentsOf(events);
  for (const { entry, bytes } of built) await store.putSegment(entry.hash, bytes);
  const manifest = { version, segments: built.map(({ entry }) => entry) };
  await store.publish(manifest, polledAt);
  return manifest;
}

export const addressOf = (url: string): RedisAddress => {
  const address = parseRedisUrl(url);
  if (address === null) throw new Error(`Got ${url}, expected a REDIS_URL.`);
  return address;
};

/** A connection as in production, closed after the test; ready unless the server is unavailable. */
export async function clientFor(t: ExecutionContext, url: string): Promise<RedisClient> {
  const client = createRedisClient(addressOf(url), () => undefined);
  t.teardown(() => client.disconnect());
  await once(client, 'ready', { signal: AbortSignal.timeout(5000) });
  return client;
}

export interface Host {
  readonly client: RedisClient;
  readonly leases: Leases;
  readonly store: SnapshotStore;
  /** Publishes with this lease from now on. */
  hold(lease: Lease | null): void;
  /** Acquires the lease for longer than any test takes. Throws when another process holds it. */
  lead(floor?: number): Promise<Lease>;
}

export interface HostOptions {
  readonly prefix: string;
  readonly now?: () => number;
  /** Intercepts the commands of the store, to inject faults. */
  readonly meddle?: (client: RedisClient) => RedisClient;
}

let hosts = 0;

export async function hostFor(t: ExecutionContext, url: string, options: HostOptions): Promise<Host> {
  const { prefix, now = Date.now, meddle = (same) => same } = options;
  const client = await clientFor(t, url);
  const leases = createLeases(client, prefix, `host-${++hosts}`);
  let held: Lease | null = null;
  const store = createRedisStore(meddle(client), { prefix, leaseToken: () => held?.token ?? null, now });
  return {
    client,
    leases,
    store,
    hold: (lease) => void (held = lease),
    async lead(floor = 0) {
      const lease = await leases.acquire(floor);
      if (lease === null) throw new Error('Got no lease, expected it to be free.');
      // It is not renewed here, and the machine may be slow.
      await client.pexpire(redisKeys(prefix).lease, 600_000);
      held = lease;
      return lease;
    },
  };
}

/** Calls `before` with the name of each command before it is sent; the command fails with what `before` throws. */
export function meddling(before: (command: string, args: readonly unknown[]) => unknown) {
  return (client: RedisClient): RedisClient =>
    new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function' || typeof name !== 'string') return value;
        if (name === 'disconnect') return () => target.disconnect();
        return async (...args: unknown[]): Promise<unknown> => {
          const instead = await before(name, args);
          return instead ?? (value as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
}

let prefixes = 0;
/** A key prefix for each test, so that tests can share a server. */
export const ownPrefix = (): string => `test-${process.pid}-${++prefixes}`;
