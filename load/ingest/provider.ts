// The provider, in a process of its own, so that it takes no processor time from the reader. A feed of the usual size is
// rendered once, to a file; the large one is generated while it is sent.
//
// Usage: provider.ts zones|events BASES [FILE]

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitWithParent, onParentMessage, sendToParent } from '../kit/ipc.ts';
import type { Message } from '../kit/child.ts';
import { feedHead, feedTail, type FeedRecord } from '../simulator/feed.ts';
import { lastRecord, renderedLast, renderedRecords, type Shape } from './document.ts';

export interface Listening extends Message {
  readonly type: 'listening';
  readonly url: string;
  /** Null for a feed that is generated while it is sent. */
  readonly bytes: number | null;
  readonly last: FeedRecord;
}

/** The first request of each revision except 0, which serves the baseline. */
export interface Asked extends Message {
  readonly type: 'asked';
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Revise extends Message {
  readonly type: 'revise';
  readonly revision: number;
}

const pieceBytes = 256 * 1024;
const [shape, bases, file] = [process.argv[2] as Shape, Number(process.argv[3]), process.argv[4]];

function* body(): Generator<Buffer> {
  let text = feedHead('plan-list-xml');
  for (const record of renderedRecords(shape, bases)) {
    text += record;
    if (text.length < pieceBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

async function writeBody(path: string): Promise<number> {
  const handle = await open(path, 'w');
  try {
    for (const piece of body()) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
  return (await stat(path)).size;
}

async function* pieces(tail: string): AsyncGenerator<Buffer> {
  if (file === undefined) yield* body();
  else yield* createReadStream(file, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>;
  yield Buffer.from(tail);
}

if (import.meta.main) {
  exitWithParent();
  const last = lastRecord(shape, bases);
  const bodyBytes = file === undefined ? null : await writeBody(file);
  let revision = 0;
  let asked = 0;
  const tail = (): string => renderedLast(last, revision) + feedTail('plan-list-xml');
  const bytes = (): number | null => (bodyBytes === null ? null : bodyBytes + Buffer.byteLength(tail()));
  onParentMessage((message) => {
    if (message.type === 'revise') ({ revision } = message as Revise);
  });

  // No ETag: the system reads the feed even when it has not changed.
  async function answer(response: ServerResponse): Promise<void> {
    if (revision > asked) sendToParent({ type: 'asked', revision, at: Date.now() } satisfies Asked);
    asked = revision;
    response.setHeader('Content-Type', 'application/xml; charset=utf-8');
    const length = bytes();
    if (length !== null) response.setHeader('Content-Length', length);
    await pipeline(Readable.from(pieces(tail()), { objectMode: false, highWaterMark: pieceBytes }), response);
  }

  const server = createServer((_request, response) => {
    answer(response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`;
    sendToParent({ type: 'listening', url, bytes: bytes(), last } satisfies Listening);
  });
}
