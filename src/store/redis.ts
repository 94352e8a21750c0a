// The snapshot store of many hosts: Redis. All keys of a deployment lie in one hash slot, so that one step of Lua can
// hold the lease against `current` in a Cluster too.
//
//   {prefix}:segment:HASH      the bytes of a segment        {prefix}:manifest:VERSION   the text of a manifest
//   {prefix}:segments          set of the hashes             {prefix}:manifests          set of the versions
//   {prefix}:current           the newest version            {prefix}:pin                the pinned one, if any
//   {prefix}:unnamed           hashes that no kept manifest names, by the time they were first found so
//   {prefix}:draft:TOKEN       a manifest until its publish  {prefix}:news               channel of announcements
//   {prefix}:lease             who may publish               {prefix}:fence              of the newest lease
//   {prefix}:doubt             there while somebody refuses what is to be served

import { decodeManifest, encodeManifest, segmentName, type Manifest } from '#/snapshot/manifest.ts';
import type { RedisClient } from './redis-client.ts';
import {
  dropManifestsScript,
  dropSegmentsScript,
  pinScript,
  publishScript,
  unheard,
  unpinScript,
} from './scripts.ts';
import { createKeeper } from './kept.ts';
import { mustBeAfter, versionOf, type SnapshotStore } from './store.ts';

/** A worker that has just read a manifest may take this long to retrieve its segments. */
const unnamedGraceMs = 60_000;

/** A doubt that nobody heard, and nobody said again, is over. */
const doubtMs = 60_000;

/** A draft that its publisher did not come back to. */
const draftMs = 60_000;

export interface RedisStoreOptions {
  readonly prefix: string;
  /** What the lease must hold for a publish to count; null when this host does not hold it. */
  readonly leaseToken: () => string | null;
  readonly now: () => number;
  /** W3C trace context of a publish, to go with its announcement. */
  readonly traceparent?: () => string | null;
  /** Hears why an announcement was not made: what was to be announced is done, and is found by looking. */
  readonly notAnnounced?: (reason: string) => void;
}

export const redisKeys = (prefix: string) =>
  ({
    segment: (hash: string) => `{${prefix}}:segment:${hash}`,
    manifest: (version: number) => `{${prefix}}:manifest:${version}`,
    draft: (token: string) => `{${prefix}}:draft:${token}`,
    segments: `{${prefix}}:segments`,
    manifests: `{${prefix}}:manifests`,
    current: `{${prefix}}:current`,
    pin: `{${prefix}}:pin`,
    unnamed: `{${prefix}}:unnamed`,
    lease: `{${prefix}}:lease`,
    fence: `{${prefix}}:fence`,
    news: `{${prefix}}:news`,
    doubt: `{${prefix}}:doubt`,
  }) as const;

export function createRedisStore(
  redis: RedisClient,
  { prefix, leaseToken, now, traceparent = () => null, notAnnounced = () => undefined }: RedisStoreOptions,
): SnapshotStore {
  const keys = redisKeys(prefix);

  /** Runs a script that ends with an announcement; whether that was made or not, gives `done` when all else is done. */
  async function announcing(
    script: string,
    names: readonly string[],
    args: readonly (string | number)[],
    done: string,
  ): Promise<string> {
    const outcome = String(await redis.eval(script, names.length, ...names, ...args));
    if (!outcome.startsWith(unheard)) return outcome;
    notAnnounced(outcome.slice(unheard.length));
    return done;
  }

  async function readManifest(key: string, version: number): Promise<Manifest> {
    const text = await redis.get(key);
    if (text === null) throw new Error(`Got no manifest ${version}.`);
    const manifest = decodeManifest(text);
    if (manifest.version !== version)
      throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
    return manifest;
  }

  const keeper = createKeeper((version) => store.retrieveManifest(version));
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

    retrieveManifest: (version) => readManifest(keys.manifest(version), version),

    async retrieveSegment(hash) {
      const bytes = await redis.getBuffer(keys.segment(hash));
      if (bytes === null) throw new Error(`Got no segment ${hash}.`);
      const seen = segmentName(bytes);
      if (seen !== hash) throw new Error(`Got segment ${seen}, expected ${hash}.`);
      return bytes;
    },

    hasSegment: async (hash, bytes) => (await redis.strlen(keys.segment(hash))) === bytes,

    async putSegment(hash, bytes) {
      // Listed before it is there: should its publisher die here, it is found again, and pruned.
      await redis.sadd(keys.segments, hash);
      await redis.zrem(keys.unnamed, hash);
      const there = await store.retrieveSegment(hash).catch(() => null);
      if (there !== null) return;
      await redis.set(keys.segment(hash), Buffer.from(bytes));
      await store.retrieveSegment(hash);
    },

    async publish(manifest) {
      const { version } = manifest;
      const token = leaseToken() ?? '';
      mustBeAfter(version, (await store.currentVersion()) ?? 0);
      // Beside what others may be reading, and under a name that no other publisher writes to.
      await redis.set(keys.draft(token), encodeManifest(manifest), 'PX', draftMs);
      await readManifest(keys.draft(token), version);
      const { lease, manifests, current, news } = keys;
      const named = [lease, keys.draft(token), keys.manifest(version), manifests, current, news];
      const told = newsOf(version, traceparent());
      const outcome = await announcing(publishScript, named, [token, version, told], 'published');
      if (outcome === 'lease')
        throw new Error(`Version ${version} was not published: another host holds the lease.`);
      if (outcome !== 'published') mustBeAfter(version, Number(outcome));
      keeper.know(manifest);
    },

    async pin(version) {
      await store.retrieveManifest(version);
      const named = [keys.manifest(version), keys.pin, keys.news];
      const outcome = await announcing(pinScript, named, [version], 'pinned');
      if (outcome !== 'pinned') throw new Error(`Got no manifest ${version}.`);
    },

    async unpin() {
      await announcing(unpinScript, [keys.pin, keys.news], ['0'], 'unpinned');
    },

    async doubt() {
      await redis.set(keys.doubt, '1', 'PX', doubtMs);
    },

    takeDoubt: async () => (await redis.del(keys.doubt)) === 1,

    async prune(dropping) {
      const token = leaseToken() ?? '';
      const [pin, current] = await redis.mget(keys.pin, keys.current);
      const known = await store.versions();
      const { versions: kept, named, unread } = await keeper.choose(known, versionOf(pin), dropping);
      // A kept manifest that cannot be read names nothing that could be served; the current one stops the pruning.
      if (unread.some((version) => version === versionOf(current))) return;
      const dropped = known.filter((version) => !kept.includes(version));
      if (dropped.length > 0) {
        const gone = [keys.lease, keys.pin, keys.manifests, ...dropped.map(keys.manifest)];
        await redis.eval(dropManifestsScript, gone.length, ...gone, token, ...dropped);
      }
      const unnamed = (await redis.smembers(keys.segments)).filter((hash) => !named.has(hash));
      if (unnamed.length > 0)
        await redis.zadd(keys.unnamed, 'NX', ...unnamed.flatMap((hash) => [now(), hash]));
      const aged = await redis.zrangebyscore(keys.unnamed, '-inf', now() - unnamedGraceMs);
      const again = aged.filter((hash) => named.has(hash));
      if (again.length > 0) await redis.zrem(keys.unnamed, ...again);
      const old = aged.filter((hash) => !named.has(hash));
      if (old.length > 0) {
        const gone = [keys.lease, keys.segments, keys.unnamed, ...old.map(keys.segment)];
        await redis.eval(dropSegmentsScript, gone.length, ...gone, token, ...old);
      }
    },

    async close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
  return store;
}

/** What is said on the channel: the version, and the trace context where there is one. */
const newsOf = (version: number, traceparent: string | null): string =>
  traceparent === null ? String(version) : `${version} ${traceparent}`;
