// The same feed in a random character set, compression and framing gives the same records, however it is chunked.

import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import test from 'ava';
import { boundedBody } from '#/provider/body.ts';
import { openFeed } from '#/provider/feed.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import { createArrival } from '#/ingest/feeds/arrival.ts';
import { isLong } from '../_support/long.ts';
import { base, feed } from '../_support/feeds.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { providerOf, serverFor } from './_line.ts';

const text = feed([
  base({ title: 'Ñandú «Café»' }),
  base({ id: '2', title: 'Sólo' }),
  base({ id: '3', title: 'plain' }),
]);
const body = text.replace(/^<\?.*\n/, '');

const charsets: readonly (readonly [declared: string, encode: (text: string) => Buffer])[] = [
  ['utf-8', (all) => Buffer.from(all)],
  ['UTF_8', (all) => Buffer.from(`\ufeff${all}`)],
  ['utf8mb4', (all) => Buffer.from(`\ufeff\ufeff${all}`)],
  ['klingon', (all) => Buffer.from(all.replaceAll('</base_plan>', '</base_plan>\ufeff'))],
  ['utf-16', (all) => Buffer.from(all)],
  ['utf-16', (all) => Buffer.from(`\ufeff${all}`, 'utf16le')],
  ['utf-8', (all) => Buffer.from(all, 'utf16le')],
  ['UTF-16BE', (all) => Buffer.from(all, 'utf16le').swap16()],
  ['ISO-8859-1', (all) => Buffer.from(all, 'latin1')],
  ['cp1252', (all) => Buffer.from(all, 'latin1')],
];

const gzippedInPieces = (bytes: Uint8Array): Buffer => {
  const at = bytes.length >> 1;
  return Buffer.concat([gzipSync(bytes.subarray(0, at)), gzipSync(bytes.subarray(at))]);
};

const compressions: readonly (readonly [
  names: readonly string[],
  compress: (bytes: Uint8Array) => Uint8Array,
])[] = [
  [['', 'identity', 'none', 'aws-chunked', 'utf-8', 'gzip', 'br', 'deflate'], (bytes) => bytes],
  [['gzip', 'x-gzip', '', 'br', 'gzip, gzip'], (bytes) => gzipSync(bytes)],
  [['gzip', ''], gzippedInPieces],
  [['deflate', '', 'gzip'], (bytes) => deflateSync(bytes)],
  [['deflate'], (bytes) => deflateRawSync(bytes)],
  [['br'], (bytes) => brotliCompressSync(bytes)],
  [['zstd', ''], (bytes) => zstdCompressSync(bytes)],
  [['br, gzip', 'br'], (bytes) => gzipSync(brotliCompressSync(bytes))],
];

function* cut(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
  const most = random.pick([1, 7, 300, 100_000]);
  for (let at = 0; at < bytes.length;) {
    const to = at + random.int(1, most);
    yield bytes.subarray(at, to);
    at = to;
  }
}

async function recordsOf(chunks: Iterable<Uint8Array>, encoding: string, random: Random): Promise<string[]> {
  const { limits } = providerOf('http://127.0.0.1/');
  const decoded = boundedBody(Readable.from(chunks, { objectMode: false }), encoding, limits);
  const format = random.pick(['auto', 'plan-list-xml'] as const);
  const { batches } = await openFeed({ chunks: decoded, contentType: '' }, { format, limits });
  const records: string[] = [];
  for (;;) {
    const next = await batches.next();
    if (next.done === true) return next.value === null ? records : [...records, next.value.message];
    const all = Buffer.from(next.value.bytes);
    records.push(...next.value.records.map(({ from, to }) => all.toString('utf8', from, to)));
  }
}

test('a feed in any character set, compression and framing gives the same records', async (t) => {
  const random = seededFor(t);
  const expected = body.match(/<base_plan.*<\/base_plan>/g)!;
  for (let i = 0; i < (isLong ? 300 : 100); i++) {
    const [declared, encode] = random.pick(charsets);
    const [names, compress] = random.pick(compressions);
    const encoding = random.pick(names);
    const packed = compress(encode(`<?xml version="1.0" encoding="${declared}"?>\n${body}`));
    const isPlain = names.includes('identity');
    const padding = isPlain ? '' : random.pick(['', '\n', ' \r\n', '\0'.repeat(random.int(1, 600))]);
    const bytes = Buffer.concat([packed, Buffer.from(padding)]);
    const what = `${declared}, ${encoding}, ${i}`;
    const records = await recordsOf(cut(bytes, random), encoding, random);
    // Some records become UTF-8 only when they are read, so later marks do not belong to them.
    if (records.join('\n') !== expected.join('\n')) t.deepEqual(records, [...expected], what);
  }
  t.pass();
});

test('how much of a body has arrived is known where the provider gives its length, and with it how long the rest takes', async (t) => {
  const half = Buffer.alloc(500_000, ' ');
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
  const url = await serverFor(t, (request, response) => {
    const hasLength = request.url === '/length';
    const length = hasLength ? { 'Content-Length': 2 * half.length } : {};
    response.writeHead(200, { 'Content-Type': 'application/xml', ...length });
    response.write(half);
    void (hasLength ? isRead : Promise.resolve()).then(() => response.end(half));
  });
  const dispatcher = createProviderAgent();
  t.teardown(() => dispatcher.destroy());
  for (const path of ['/length', '/chunked']) {
    const none = { etag: null, lastModified: null };
    const from = providerOf(new URL(path, url).href);
    const fetched = await fetchFeed(from, none, dispatcher, new AbortController().signal);
    if ('notModified' in fetched) return t.fail();
    let now = 0;
    const arrival = createArrival(() => now);
    t.is(arrival.remainingMs(), null);
    arrival.begin(fetched);
    let seen = 0;
    for await (const chunk of fetched.chunks) {
      seen += chunk.length;
      now = seen / 1000;
      if (seen !== half.length) continue;
      if (path === '/length') {
        t.is(fetched.arrivedShare!(), 0.5);
        t.is(arrival.remainingMs(), now);
      } else t.is(arrival.remainingMs(), null);
      read();
    }
    t.is(seen, 2 * half.length);
    t.is(arrival.remainingMs(), path === '/length' ? 0 : null);
  }
});
