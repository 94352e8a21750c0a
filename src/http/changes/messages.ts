// The messages that listeners receive, as server-sent events (HTML standard, section 9.2). A message has the changes after one
// token. It is rendered once for all listeners of a worker that have this token.

import { LRUCache } from 'lru-cache';
import type { ChangesReader, NoChanges } from '#/search/changes/reader.ts';
import type { Position } from '#/search/changes/token.ts';
import { dataOf } from './data.ts';

export interface Message {
  readonly bytes: Buffer;
  /** What a listener has after it. */
  readonly token: string;
  readonly next: Position;
}

/** What a listener has. */
export interface Place {
  readonly token: string;
  readonly position: Position;
  /** Null for all. */
  readonly provider: string | null;
}

export interface Messages {
  /** The message after the place, if it is rendered. */
  known(place: Place): Message | undefined;
  /** Renders it. Rejects when the snapshot store is unavailable. */
  make(place: Place): Promise<Message | NoChanges>;
  /** Must be called when another version is served: messages lead to the current one. */
  forget(): void;
}

/** Changes in one message: some 60 KB. */
const changesEach = 100;
const bytesMax = 16_000_000;
const lengthOf = ({ bytes }: Message): number => bytes.length + 500;

export function createMessages(reader: ChangesReader, tokenSeconds: () => number | null): Messages {
  const rendered = new LRUCache<string, Message>({ maxSize: bytesMax, sizeCalculation: lengthOf });
  const running = new Map<string, Promise<Message | NoChanges>>();
  let generation = 0;

  async function make({ token, position, provider }: Place): Promise<Message | NoChanges> {
    const begunIn = generation;
    const page = await reader.read({ position, provider, limit: changesEach });
    if (typeof page === 'string') return page;
    // Without changes it only moves the listener's last id.
    const data =
      page.count === 0 ? [] : [Buffer.from('data: '), dataOf(page, tokenSeconds()), Buffer.from('\n')];
    const bytes = Buffer.concat([Buffer.from(`id: ${page.token}\n`), ...data, Buffer.from('\n')]);
    const message = { bytes, token: page.token, next: page.next };
    if (begunIn === generation) rendered.set(token, message);
    return message;
  }

  return {
    known: ({ token }) => rendered.get(token),
    make(place) {
      const { token } = place;
      const known = running.get(token);
      if (known !== undefined) return known;
      const making = make(place).finally(() => running.delete(token));
      running.set(token, making);
      return making;
    },
    forget() {
      generation++;
      rendered.clear();
      running.clear();
    },
  };
}
