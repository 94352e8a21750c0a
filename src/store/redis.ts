// The snapshot store of many hosts: Redis. All keys of a deployment are in one hash slot, so that one Lua script can compare
// the lease and move `current`, in a Cluster as well.
//
//   {prefix}:segment:HASH      the bytes of a segment        {prefix}:manifest:VERSION   the text of a manifest
//   {prefix}:segments          set of the hashes             {prefix}:manifests          set of the versions
//   {prefix}:current           the newest version            {prefix}:pin                the pinned version, if any
//   {prefix}:unnamed           hashes that no kept manifest names, scored by when they were first found
//   {prefix}:draft:TOKEN       a manifest before its publish {prefix}:news               channel of announcements
//   {prefix}:lease             the process that may publish  {prefix}:fence              of the newest lease
//   {prefix}:doubt             exists while a verification is requested
//   {prefix}:polled            the polls of the newest versions: see polls.ts

import { encodeManifest, segmentName } from '#/snapshot/manifest.ts';
import { checkWritten, ofVersion } from './manifests/manifests.ts';
import { createManifestReader } from './manifests/reader.ts';
import { pollsIn, withPoll } from './polls.ts';
import type { RedisClient } from './redis-client.ts';
import { dropManifestsScript, pinScript, publishScript, unannounced, unpinScript } from './scripts.ts';
import { createRemoval } from './redis-removal.ts';
import { createRetention } from './retention.ts';
import { mustBeAfter, versionOf, type SnapshotStore } from './store.ts';
import { createSweep } from './sweep.ts';

/** A verification request expires after this time unless it is repeated. */
const verificationRequestMs = 60_000;

/** A draft that was not published expires after this time. */
const draftMs = 60_000;

export interface RedisStoreOptions {
  readonly prefix: string;
  /** The lease token required for a publish; null when this host does not hold the lease. */
  readonly leaseToken: () => string | null;
  readonly now: () => number;
  /** The W3C trace context of a publish, sent with its announcement. */
  readonly traceparent?: () => string | null;
  /** Receives the reason when an announcement fails. The change itself is done, and others find it when they poll. */
  readonly notAnnounced?: (reason: string) => void;
}

export const redisKeys = (prefix: string) =>
  ({
    segment: (hash: string) => `{${prefix}}:segment:${hash}`,
    companion: (hash: string) => `{${prefix}}:companion:${hash}`,
    manifest: (version: number) => `{${prefix}}:manifest:${version}`,
    draft: (token: string) => `{${prefix}}:draft:${token}`,
    segments: `{${prefix}}:segments`,
    companions: `{${prefix}}:companions`,
    manifests: `{${prefix}}:manifests`,
    current: `{${prefix}}:current`,
    pin: `{${prefix}}:pin`,
    polled: `{${prefix}}:polled`,
    unnamed: `{${prefix}}:unnamed`,
    lease: `{${prefix}}:lease`,
    fence: `{${prefix}}:fence`,
    channel: `{${prefix}}:news`,
    verification: `{${prefix}}:doubt`,
  }) as const;

export function createRedisStore(
  redis: RedisClient,
  { prefix, leaseToken, now, traceparent = () => null, notAnnounced = () => undefined }: RedisStoreOptions,
): SnapshotStore {
  const keys = redisKeys(prefix);

  /** Runs a script that ends with an announcement. Returns `done` when everything but the announcement succeeded. */
  async function announcing(
    script: string,
    names: readonly string[],
    args: readonly (string | number)[],
    done: string,
  ): Promise<string> {
    const outcome = String(await redis.eval(script, names.length, ...names, ...args));
    if (!outcome.startsWith(unannounced)) return outcome;
    notAnnounced(outcome.slice(unannounced.length));
    return done;
  }

  const reader = createManifestReader();
  const removeUnnamed = createRemoval(redis, keys, now);
  const sweep = createSweep(now);
  const retention = createRetention((version) => store.retrieveManifest(version));
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
      const bytes = await redis.getBuffer(keys.manifest(version));
      if (bytes === null) throw new Error(`Manifest ${version} does not exist.`);
      return ofVersion(reader.read(bytes), version);
    },

    async retrieveSegment(hash) {
      const bytes = await redis.getBuffer(keys.segment(hash));
      if (bytes === null) throw new Error(`Segment ${hash} does not exist.`);
      const seen = segmentName(bytes);
      if (seen !== hash) throw new Error(`Got segment ${seen}, expected ${hash}.`);
      return bytes;
    },

    hasSegment: async (hash, bytes) => (await redis.strlen(keys.segment(hash))) === bytes,

    async putSegment(hash, bytes) {
      // Listed before it is stored: if the publisher stops in between, pruning still finds it.
      await redis.sadd(keys.segments, hash);
      await redis.zrem(keys.unnamed, hash);
      const there = await store.retrieveSegment(hash).catch(() => null);
      if (there !== null) return;
      await redis.set(keys.segment(hash), asBuffer(bytes));
      await store.retrieveSegment(hash);
    },

    async putCompanion(hash, bytes) {
      await redis.sadd(keys.companions, hash);
      await redis.set(keys.companion(hash), asBuffer(bytes));
    },

    hasCompanion: async (hash) => (await redis.exists(keys.companion(hash))) === 1,

    readCompanion: (hash, from, length) =>
      redis.getrangeBuffer(keys.companion(hash), from, from + length - 1),

    async publish(manifest, polledAt = null) {
      const { version } = manifest;
      const token = leaseToken() ?? '';
      mustBeAfter(version, (await store.currentVersion()) ?? 0);
      // A damaged key costs observations, never a publish, which replaces it.
      const polls = await redis.get(keys.polled).catch(() => null);
      // A draft key is read by no worker and written by no other publisher.
      const bytes = Buffer.from(encodeManifest(manifest));
      await redis.set(keys.draft(token), bytes, 'PX', draftMs);
      checkWritten(version, bytes, await redis.getBuffer(keys.draft(token)));
      const { lease, manifests, current, polled, channel } = keys;
      const named = [lease, keys.draft(token), keys.manifest(version), manifests, current, polled, channel];
      const args = [
        token,
        version,
        withPoll(polls, version, polledAt),
        announcementOf(version, traceparent()),
      ];
      const outcome = await announcing(publishScript, named, args, 'published');
      if (outcome === 'lease')
        throw new Error(`Version ${version} was not published: another host holds the lease.`);
      if (outcome !== 'published') mustBeAfter(version, Number(outcome));
      retention.remember(manifest);
    },

    polls: async () => pollsIn(await redis.get(keys.polled)),

    async pin(version) {
      await store.retrieveManifest(version);
      const named = [keys.manifest(version), keys.pin, keys.channel];
      const outcome = await announcing(pinScript, named, [version], 'pinned');
      if (outcome !== 'pinned') throw new Error(`Manifest ${version} does not exist.`);
    },

    async unpin() {
      await announcing(unpinScript, [keys.pin, keys.channel], ['0'], 'unpinned');
    },

    async requestVerification() {
      await redis.set(keys.verification, '1', 'PX', verificationRequestMs);
    },

    takeVerificationRequest: async () => (await redis.del(keys.verification)) === 1,

    async prune(dropping) {
      const token = leaseToken() ?? '';
      const [pin, current] = await redis.mget(keys.pin, keys.current);
      const known = await store.versions();
      const { versions: kept, named, unread } = await retention.choose(known, versionOf(pin), dropping);
      // An unreadable old manifest cannot be served, so its segments are not kept. If the current one is unreadable, nothing is pruned.
      if (unread.some((version) => version === versionOf(current))) return;
      const dropped = known.filter((version) => !kept.includes(version));
      if (dropped.length > 0) {
        const gone = [keys.lease, keys.pin, keys.manifests, ...dropped.map(keys.manifest)];
        await redis.eval(dropManifestsScript, gone.length, ...gone, token, ...dropped);
      }
      await sweep.run(
        named,
        () => redis.smembers(keys.segments),
        (unnamed, isWhole) => removeUnnamed({ token, named, unnamed, isWhole }),
      );
    },

    async close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
  return store;
}

/** Of the same memory. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The message on the channel: the version, and the trace context if there is one. */
const announcementOf = (version: number, traceparent: string | null): string =>
  traceparent === null ? String(version) : `${version} ${traceparent}`;
