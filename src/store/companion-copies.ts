// Copies the companions of the served version from the shared store to a host's disk, so that single events are answered while the
// shared store is away or empty. Nothing waits for it: the copies are made one after the other, some seconds after a version is
// served, and the next pass makes those that are missing.

import { setTimeout as sleep } from 'node:timers/promises';
import { isWholeCompanion } from '#/snapshot/companion/format.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import type { LocalStore } from './local.ts';
import type { SnapshotStore } from './store.ts';

export interface CompanionCopies {
  /** At most `length` bytes of a companion from an offset, unchecked; none when neither store has it. */
  read(hash: string, from: number, length: number): Promise<Uint8Array>;
  /** The version that is served now. */
  keep(manifest: Manifest): void;
  /** A part that was read is damaged: if it was of a copy, the next pass checks all copies. */
  suspect(): void;
}

export interface CompanionCopiesOptions {
  readonly remote: Pick<SnapshotStore, 'readCompanion'>;
  readonly disk: LocalStore;
  /** True while the shared store is unavailable or empty. */
  readonly isAway: () => boolean;
  readonly failed: (error: unknown) => void;
  /** Milliseconds between two passes, about. */
  readonly everyMs?: number;
  /** Of all copies. Beyond it, the events that begin last are copied, since those of the past change no more. */
  readonly bytesMax?: number;
}

const everyDefault = 5000;
const bytesDefault = 1_000_000_000;
/** A larger one is not copied. */
const copyBytesMax = 64_000_000;
/** While copies are missing, the time to the next pass doubles up to this multiple. */
const slowest = 32;
/** The shared store is given this long before the copy is read. */
const hedgeMs = 300;
const nothing = new Uint8Array(0);

export function createCompanionCopies({
  remote,
  disk,
  isAway,
  failed,
  everyMs = everyDefault,
  bytesMax = bytesDefault,
}: CompanionCopiesOptions): CompanionCopies {
  let served: Manifest | null = null;
  let isCopyRead = false;
  let isSuspect = false;
  let isRunning = false;
  /** Copies that are damaged, and stay until they can be replaced: most of their events are readable. */
  const damaged = new Set<string>();

  function begin(): void {
    if (isRunning || served === null) return;
    isRunning = true;
    void run();
  }

  async function run(): Promise<void> {
    for (let factor = 1, done: Manifest | null = null; done !== served || isSuspect;) {
      // Workers of a host take turns: what one has copied, the others find.
      await sleep(everyMs * factor * (0.5 + Math.random()), undefined, { ref: false });
      const manifest = served as Manifest;
      const isWhole = await pass(manifest).catch((error: unknown) => failed(error));
      factor = isWhole === true || manifest !== served ? 1 : Math.min(slowest, 2 * factor);
      if (isWhole === true) done = manifest;
    }
    isRunning = false;
  }

  /** Removes copies of other versions, and makes missing ones. Returns whether all are there that fit. */
  async function pass({ segments }: Manifest): Promise<boolean> {
    const named = new Set(segments.map(({ hash }) => hash));
    const sizes = await disk.companionSizes();
    const isChecked = isSuspect;
    isSuspect = false;
    let bytes = 0;
    for (const [hash, size] of sizes) {
      if (named.has(hash)) bytes += size;
      else await disk.removeCompanion(hash);
    }
    for (const hash of damaged) if (!named.has(hash)) damaged.delete(hash);
    let missing = 0;
    for (const { hash } of segments.toReversed()) {
      const size = sizes.get(hash) ?? 0;
      if (isChecked && !isWholeCompanion(await disk.readCompanion(hash, 0, size), hash)) damaged.add(hash);
      if (size > 0 && !damaged.has(hash)) continue;
      const copy = await remote.readCompanion(hash, 0, copyBytesMax).catch(() => nothing);
      if (copy.length === copyBytesMax || bytes - size + copy.length > bytesMax) continue;
      // An interim version has none yet, and the publisher repairs a damaged one.
      if (!isWholeCompanion(copy, hash)) missing++;
      else {
        await disk.putCompanion(hash, copy);
        damaged.delete(hash);
        bytes += copy.length - size;
      }
    }
    return missing === 0;
  }

  return {
    async read(hash, from, length) {
      const asked = isAway() ? Promise.resolve(nothing) : remote.readCompanion(hash, from, length);
      const bytes = await Promise.race([asked.catch(() => nothing), sleep(hedgeMs, nothing, { ref: false })]);
      if (bytes.length > 0) return bytes;
      const copy = await disk.readCompanion(hash, from, length);
      isCopyRead ||= copy.length > 0;
      return copy.length > 0 ? copy : asked;
    },
    keep(manifest) {
      served = manifest;
      begin();
    },
    suspect() {
      isSuspect ||= isCopyRead;
      isCopyRead = false;
      if (isSuspect) begin();
    },
  };
}
