// The provider, in a process of its own: one large feed, rendered once to a file, whose last record changes with each
// revision. It delays its answer until there is a new revision, so that the system never reads an unchanged feed.
//
// Usage: provider.ts EVENTS FILE

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Message } from '../kit/child.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../kit/ipc.ts';
import { feedHead, feedTail, renderRecord, type FeedRecord } from '../simulator/feed.ts';
import { generateRecords } from '../simulator/generate.ts';

export interface Listening extends Message {
  readonly type: 'listening';
  readonly url: string;
  readonly bytes: number;
  readonly last: FeedRecord;
}

/** A revision was sent completely. */
export interface Sent extends Message {
  readonly type: 'sent';
  readonly revision: number;
  /** Milliseconds since 1970: from the first byte to the last. */
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface Revise extends Message {
  readonly type: 'revise';
  /** From 1. */
  readonly revision: number;
}

/** Plans of each base. */
const plansPerBase = 10;

/** Five years of events; one in twenty runs for weeks. */
const recipe = {
  plansPerBase,
  zonesPerPlan: 1,
  firstDay: '2024-01-01',
  days: 1826,
  longShare: 0.05,
  hotDays: 20,
  hotDayShare: 0.05,
  offlineShare: 0,
};

const pieceBytes = 256 * 1024;
const [events, file] = [Number(process.argv[2]), process.argv[3] ?? ''];

/** The title of the last record at a revision: a search for it shows that the revision has arrived. */
export const titleAt = ({ title }: FeedRecord, revision: number): string => `${title}, revision ${revision}`;

/** Without the indentation, which costs hardly any time to parse. */
const rendered = (record: FeedRecord): string =>
  renderRecord('plan-list-xml', record).replaceAll(/^ +/gm, '');

/** Records with `count` events in total, at least two. The first record has the remainder, the last has one event. */
function* recordsOf(count: number): Generator<FeedRecord> {
  const bases = Math.ceil((count - 1) / plansPerBase) + 1;
  const leftOver = count - 1 - (bases - 2) * plansPerBase;
  let ordinal = 0;
  for (const record of generateRecords({ ...recipe, bases })) {
    ordinal++;
    const plans = ordinal === 1 ? leftOver : ordinal === bases ? 1 : plansPerBase;
    yield { ...record, plans: record.plans.slice(0, plans) };
  }
}

/** Writes all records but the last to the file; returns the last. */
async function writeFeed(): Promise<FeedRecord> {
  const out = createWriteStream(file, { highWaterMark: pieceBytes });
  let text = feedHead('plan-list-xml');
  let last: FeedRecord | undefined;
  for (const record of recordsOf(events)) {
    if (last !== undefined) text += rendered(last);
    last = record;
    if (text.length < pieceBytes) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
  if (last === undefined) throw new RangeError(`Got a feed of ${events} events, expected at least two.`);
  return last;
}

async function* pieces(tail: string): AsyncGenerator<Buffer> {
  yield* createReadStream(file, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>;
  yield Buffer.from(tail);
}

if (import.meta.main) {
  exitWithParent();
  const last = await writeFeed();
  const bytes = (await stat(file)).size;
  let revision = 0;
  let sent = 0;
  let wake = Promise.withResolvers<void>();
  onParentMessage((message) => {
    if (message.type !== 'revise') return;
    ({ revision } = message as Revise);
    wake.resolve();
    wake = Promise.withResolvers<void>();
  });

  // No ETag and no length: the system reads the whole feed each time.
  async function answer(response: ServerResponse): Promise<void> {
    while (revision === sent && !response.destroyed) await wake.promise;
    const now = revision;
    const beganAt = Date.now();
    response.setHeader('Content-Type', 'application/xml; charset=utf-8');
    const tail = rendered({ ...last, title: titleAt(last, now) }) + feedTail('plan-list-xml');
    await pipeline(Readable.from(pieces(tail), { objectMode: false, highWaterMark: pieceBytes }), response);
    sent = now;
    sendToParent({ type: 'sent', revision: now, beganAt, endedAt: Date.now() } satisfies Sent);
  }

  const server = createServer((_request, response) => {
    answer(response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`;
    sendToParent({ type: 'listening', url, bytes, last } satisfies Listening);
  });
}
