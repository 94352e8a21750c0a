// The snapshot store of many hosts: Redis. All keys of a deployment lie in one hash slot, so that one step of Lua can
// hold the lease against `current` in a Cluster too.
//
//   {prefix}:segment:HASH      the bytes of a segment        {prefix}:manifest:VERSION   the text of a manifest
//   {prefix}:segments          set of the hashes             {prefix}:manifests          set of the versions
//   {prefix}:current           the newest version            {prefix}:pin                the pinned one, if any
//   {prefix}:unnamed           hashes that no kept manifest names, by the time they were first found so
//   {prefix}:lease             who may publish               {prefix}:news               channel of announcements

import { decodeManifest, encodeManifest, segmentName } from '#/snapshot/manifest.ts';
import type { RedisClient } from './redis-client.ts';
import { manifestsKept, mustBeAfter, type SnapshotStore } from './store.ts';

/** A worker that has just read a manifest may take this long to retrieve its segments. */
const unnamedGraceMs = 60_000;

const publishScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 'lease' end
local current = tonumber(redis.call('get', KEYS[2]) or '0')
if tonumber(ARGV[2]) <= current then return tostring(current) end
redis.call('set', KEYS[2], ARGV[2])
redis.call('publish', KEYS[3], ARGV[2])
return 'published'`;

export interface RedisStoreOptions {
  readonly prefix: string;
  /** What the lease must hold for a publish to count; null when this host does not hold it. */
  readonly leaseToken: () => string | null;
  readonly now: () => number;
}

export const redisKeys = (prefix: string) =>
  ({
    segment: (hash: string) => `{${prefix}}:segment:${hash}`,
    manifest: (version: number) => `{${prefix}}:manifest:${version}`,
    segments: `{${prefix}}:segments`,
    manifests: `{${prefix}}:manifests`,
    current: `{${prefix}}:current`,
    pin: `{${prefix}}:pin`,
    unnamed: `{${prefix}}:unnamed`,
    lease: `{${prefix}}:lease`,
    fence: `{${prefix}}:fence`,
    news: `{${prefix}}:news`,
  }) as const;

export function createRedisStore(
  redis: RedisClient,
  { prefix, leaseToken, now }: RedisStoreOptions,
): SnapshotStore {
  const keys = redisKeys(prefix);

  const store: SnapshotStore = {
    async target() {
      const [pin, current] = await redis.mget(keys.pin, keys.current);
      const pinned = versionOf(pin);
      if (pinned !== null) return { version: pinned, pinned: true };
      const version = versionOf(current);
      return version === null ? null : { version, pinned: false };
    },

    currentVersion: async () => versionOf(await redis.get(keys.current)),

    async versions() {
      const members = await redis.smembers(keys.manifests);
      return members.flatMap((member) => versionOf(member) ?? []).toSorted((a, b) => b - a);
    },

    async retrieveManifest(version) {
      const text = await redis.get(keys.manifest(version));
      if (text === null) throw new Error(`Got no manifest ${version}.`);
      const manifest = decodeManifest(text);
      if (manifest.version !== version)
        throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
      return manifest;
    },

    async retrieveSegment(hash) {
      const bytes = await redis.getBuffer(keys.segment(hash));
      if (bytes === null) throw new Error(`Got no segment ${hash}.`);
      const seen = segmentName(bytes);
      if (seen !== hash) throw new Error(`Got segment ${seen}, expected ${hash}.`);
      return bytes;
    },

    hasSegment: async (hash, bytes) => (await redis.strlen(keys.segment(hash))) === bytes,

    async putSegment(hash, bytes) {
      const there = await store.retrieveSegment(hash).catch(() => null);
      if (there === null) await redis.set(keys.segment(hash), Buffer.from(bytes));
      await redis.sadd(keys.segments, hash);
      await redis.zrem(keys.unnamed, hash);
      if (there === null) await store.retrieveSegment(hash);
    },

    async publish(manifest) {
      const { version } = manifest;
      mustBeAfter(version, (await store.currentVersion()) ?? 0);
      await redis.set(keys.manifest(version), encodeManifest(manifest));
      await redis.sadd(keys.manifests, version);
      await store.retrieveManifest(version);
      const outcome = await redis.eval(
        publishScript,
        3,
        keys.lease,
        keys.current,
        keys.news,
        leaseToken() ?? '',
        version,
      );
      if (outcome === 'lease')
        throw new Error(`Version ${version} was not published: another host holds the lease.`);
      if (outcome !== 'published') mustBeAfter(version, Number(outcome));
    },

    async pin(version) {
      await store.retrieveManifest(version);
      await redis.set(keys.pin, version);
      await redis.publish(keys.news, String(version));
    },

    async unpin() {
      await redis.del(keys.pin);
      await redis.publish(keys.news, '0');
    },

    async prune() {
      const [pin, current] = await redis.mget(keys.pin, keys.current);
      const known = await store.versions();
      const kept = known.filter((version, i) => i < manifestsKept || version === versionOf(pin));
      const named = new Set<string>();
      for (const version of kept) {
        // A kept manifest that cannot be read names nothing that could be served; the current one stops the pruning.
        const manifest = await store.retrieveManifest(version).catch(() => null);
        if (manifest === null && version === versionOf(current)) return;
        for (const segment of manifest?.segments ?? []) named.add(segment.hash);
      }
      const dropped = known.filter((version) => !kept.includes(version));
      if (dropped.length > 0) {
        await redis.del(...dropped.map(keys.manifest));
        await redis.srem(keys.manifests, ...dropped);
      }
      const unnamed = (await redis.smembers(keys.segments)).filter((hash) => !named.has(hash));
      if (unnamed.length > 0)
        await redis.zadd(keys.unnamed, 'NX', ...unnamed.flatMap((hash) => [now(), hash]));
      const aged = await redis.zrangebyscore(keys.unnamed, '-inf', now() - unnamedGraceMs);
      const gone = aged.filter((hash) => !named.has(hash));
      if (gone.length > 0) {
        await redis.del(...gone.map(keys.segment));
        await redis.srem(keys.segments, ...gone);
      }
      if (aged.length > 0) await redis.zrem(keys.unnamed, ...aged);
    },

    async close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
  return store;
}

const versionOf = (text: string | null | undefined): number | null =>
  typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
