// Reads companions from the snapshot store, in parts, and keeps the parts used last. However slow the store is, a read ends soon,
// and few run at the same time: /search shares the process.

import pLimit from 'p-limit';
import { LRUCache } from 'lru-cache';
import type { Companions } from '#/search/by-id/companions.ts';
import type { Found } from '#/search/by-id/id-index.ts';
import { openBlock, type OpenBlock } from '#/snapshot/companion/decode.ts';
import {
  blockAt,
  checkBlock,
  rangeOf,
  readTable,
  tableLength,
  type CompanionTable,
} from '#/snapshot/companion/format.ts';
import type { SnapshotStore } from '#/store/store.ts';

export interface CompanionsOptions {
  readonly store: Pick<SnapshotStore, 'readCompanion' | 'requestVerification'>;
  readonly waitMs?: number;
}

const waitMsDefault = 1000;
const tablesBytesMax = 4_000_000;
const blocksBytesMax = 16_000_000;
const blockBytesMax = 4_000_000;
/** Reads at the same time, and those that may wait for their turn. */
const reads = 8;
const waitingMax = 1000;
/** The first read of a companion: its table, unless that is larger. */
const headRead = 4096;

export function createCompanions({ store, waitMs = waitMsDefault }: CompanionsOptions): Companions {
  const tables = new LRUCache<string, CompanionTable>({
    maxSize: tablesBytesMax,
    sizeCalculation: ({ table }) => table.byteLength + 300,
  });
  const blocks = new LRUCache<string, OpenBlock>({
    maxSize: blocksBytesMax,
    maxEntrySize: blockBytesMax,
    sizeCalculation: ({ size }) => size + 300,
  });
  const reading = new Map<string, Promise<unknown>>();
  const limit = pLimit(reads);

  /** Runs `begin` once for all that want the same at the same time. */
  function shared<T>(key: string, begin: () => Promise<T>): Promise<T> {
    const running = reading.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    if (limit.pendingCount >= waitingMax)
      return Promise.reject(new Error('Too many companions are being read.'));
    const begun = limit(begin).finally(() => reading.delete(key));
    reading.set(key, begun);
    return begun;
  }

  /** Damaged parts are built again by the publisher. */
  async function checked<T>(bytes: Uint8Array, check: () => T | Promise<T>): Promise<T> {
    try {
      return await check();
    } catch (error) {
      if (bytes.length > 0) store.requestVerification().catch(() => undefined);
      throw error;
    }
  }

  const tableOf = (hash: string): Promise<CompanionTable> =>
    shared(hash, async () => {
      const head = await store.readCompanion(hash, 0, headRead);
      const length = await checked(head, () => tableLength(head, hash));
      const whole = length <= head.length ? head : await store.readCompanion(hash, 0, length);
      const table = await checked(whole, () => readTable(whole, hash));
      tables.set(hash, table);
      return table;
    });

  const blockOf = (hash: string, table: CompanionTable, block: number): Promise<OpenBlock> =>
    shared(`${hash} ${block}`, async () => {
      const { from, to } = rangeOf(table, block);
      const bytes = await store.readCompanion(hash, from, to - from);
      const open = await checked(bytes, () => {
        checkBlock(table, block, bytes);
        return openBlock(table, block, bytes);
      });
      blocks.set(`${hash} ${block}`, open);
      return open;
    });

  async function read({ hash, place }: Found): Promise<OpenBlock> {
    const table = tables.get(hash) ?? (await tableOf(hash));
    const block = blockAt(table, place);
    try {
      return blocks.get(`${hash} ${block}`) ?? (await blockOf(hash, table, block));
    } catch (error) {
      // The companion may have been replaced since its table was read.
      tables.delete(hash);
      throw error;
    }
  }

  return {
    peek({ hash, place }) {
      const table = tables.get(hash);
      return table === undefined ? undefined : blocks.get(`${hash} ${blockAt(table, place)}`)?.at(place);
    },
    async read(found) {
      const open = await within(read(found), waitMs);
      return open.at(found.place);
    },
  };
}

/** Rejects after `ms`. */
function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Got no answer within ${ms} ms.`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
