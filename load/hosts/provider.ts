// The provider, in a process of its own: one large feed, rendered once to a file, whose last record changes from revision
// to revision. It holds its answer back until there is a new revision, so that nobody reads while nothing has changed.
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

/** All of a revision was given away. */
export interface Given extends Message {
  readonly type: 'given';
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

/** Dates of one base. */
const plansPerBase = 10;

/** Five years, and one event in twenty runs for weeks. */
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

/** By which a search sees that a revision has arrived. */
export const titleAt = ({ title }: FeedRecord, revision: number): string => `${title}, revision ${revision}`;

/** Without the indentation: blanks cost nobody anything. */
const rendered = (record: FeedRecord): string =>
  renderRecord('plan-list-xml', record).replaceAll(/^ +/gm, '');

/** The records of so many events, two at least. The first has what is left over, and the last has one event. */
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

/** Writes all records but the last to the file, and gives the last. */
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
  if (last === undefined) throw new RangeError(`Got a feed of ${events} events, expected two at least.`);
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
  let given = 0;
  let wake = Promise.withResolvers<void>();
  onParentMessage((message) => {
    if (message.type !== 'revise') return;
    ({ revision } = message as Revise);
    wake.resolve();
    wake = Promise.withResolvers<void>();
  });

  // No ETag and no length: all of it is read each time.
  async function answer(response: ServerResponse): Promise<void> {
    while (revision === given && !response.destroyed) await wake.promise;
    const now = revision;
    const beganAt = Date.now();
    response.setHeader('Content-Type', 'application/xml; charset=utf-8');
    const tail = rendered({ ...last, title: titleAt(last, now) }) + feedTail('plan-list-xml');
    await pipeline(Readable.from(pieces(tail), { objectMode: false, highWaterMark: pieceBytes }), response);
    given = now;
    sendToParent({ type: 'given', revision: now, beganAt, endedAt: Date.now() } satisfies Given);
  }

  const server = createServer((_request, response) => {
    answer(response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`;
    sendToParent({ type: 'listening', url, bytes, last } satisfies Listening);
  });
}
