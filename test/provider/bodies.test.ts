// Kept bodies: which, for how long, and what happens when the disk fails.

import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openBodies, type Bodies, type EndedRun } from '#/provider/bodies.ts';
import { checkContent, readContent } from '#/provider/bodies/content.ts';
import { readIndex, type BodyEntry } from '#/provider/bodies/entry.ts';
import { FeedFault } from '#/provider/fault.ts';
import type { Feed } from '#/provider/http/fetch.ts';
import { directoryFor } from '../_support/directory.ts';
import { randomOf } from '../_support/random.ts';

const nothing = { etag: null, lastModified: null };
const instant = Date.UTC(2026, 10, 21);

/** Bytes that cannot be compressed, from a seed. */
function noise(seed: number, bytes: number): Uint8Array {
  const random = randomOf(seed);
  return Uint8Array.from({ length: bytes }, () => random.int(0, 255));
}

async function* inPieces(bytes: Uint8Array, fault: Error | null): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  if (fault !== null) throw fault;
}

interface Told extends Partial<EndedRun> {
  readonly fault?: FeedFault;
}

interface Shelved {
  readonly directory: string;
  readonly failures: string[];
  readonly bodies: Bodies;
  /** A run that reads all of `body` and ends with the values of `run`; by default it has changed one event. */
  run(body: string | Uint8Array, run?: Told): Promise<void>;
  /** Opens the bodies as another process; resolves when the leftovers in the spool are processed. */
  open(bytesMax?: number): Promise<void>;
  entries(): Promise<readonly BodyEntry[]>;
  contents(): Promise<string[]>;
  text(entry: BodyEntry | undefined): Promise<string>;
}

async function shelfFor(t: ExecutionContext, bytesMax = 1e6): Promise<Shelved> {
  const directory = join(await directoryFor(t), 'bodies');
  const failures: string[] = [];
  const open = (limit: number) =>
    openBodies(
      directory,
      limit,
      () => instant,
      (message) => failures.push(message),
    );
  let bodies = await open(bytesMax);
  let lastId = 0;
  return {
    directory,
    failures,
    get bodies() {
      return bodies;
    },
    async run(body, { fault = null as unknown as FeedFault, ...told } = {}) {
      const run = {
        id: ++lastId,
        provider: 'default',
        startedAt: instant + lastId,
        outcome: 'absorbed',
        code: null,
        counts: { changed: 1 },
        ...told,
      };
      const feed: Feed = {
        chunks: inPieces(Buffer.from(body), fault),
        contentType: 'application/xml',
        validators: nothing,
        freshForMs: null,
      };
      const read = await readAll((await bodies.copied(run.provider, feed)) as Feed);
      t.deepEqual(read, Buffer.from(body), 'the feed flows as it is');
      await bodies.keep(run);
    },
    async open(limit = bytesMax) {
      bodies = await open(limit);
      const left = () => readdir(join(directory, 'spool')).catch(() => []);
      while ((await left()).length > 0) await sleep(5);
    },
    entries: async () => (await readIndex(join(directory, 'runs'))).entries,
    contents: async () => (await readdir(join(directory, 'content'))).toSorted(),
    async text(entry) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of readContent(join(directory, 'content', entry!.hash))) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
  };
}

async function readAll({ chunks }: Feed): Promise<Buffer> {
  const read: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) read.push(chunk);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
  }
  return Buffer.concat(read);
}

test('the body of a run that changed something is kept, with everything that a replay needs', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('one feed', { id: 17 });

  const [entry, ...others] = await shelf.entries();
  t.like(entry, {
    number: 1,
    provider: 'default',
    runId: 17,
    startedAt: instant + 1,
    at: instant,
    contentType: 'application/xml',
    bytes: 8,
    complete: true,
    fault: null,
    held: false,
  });
  t.deepEqual(others, []);
  t.is(await shelf.text(entry), 'one feed');
  t.deepEqual(await readdir(join(shelf.directory, 'spool')), []);
});

test('a body that changed nothing is not kept, nor is an answer without a body', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('the same as ever', { outcome: 'unchanged', counts: { changed: 0, records: 9 } });
  await shelf.run('nothing to read', { outcome: 'failed', counts: {} });
  const answer = { notModified: true, freshForMs: null } as const;
  t.is(await shelf.bodies.copied('default', answer), answer);
  await shelf.bodies.keep({
    id: 9,
    provider: 'default',
    startedAt: 1,
    outcome: 'unchanged',
    code: null,
    counts: {},
  });

  t.deepEqual(await shelf.entries(), []);
  // The file is removed when its stream has closed; a run does not wait for that.
  const spool = join(shelf.directory, 'spool');
  for (let i = 0; i < 100 && (await readdir(spool)).length > 0; i++) await sleep(50);
  t.deepEqual(await readdir(spool), []);
});

test('the same content is stored once, however many runs had it', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('a feed', { code: 'withdrawals_held' });
  await shelf.run('another feed');
  await shelf.run('a feed');

  const entries = await shelf.entries();
  t.deepEqual(
    entries.map(({ number, held }) => [number, held]),
    [
      [1, true],
      [2, false],
      [3, false],
    ],
  );
  t.is(entries[0]!.hash, entries[2]!.hash);
  t.is((await shelf.contents()).length, 2);
});

test('an incomplete feed is kept with its fault, but not repeatedly', async (t) => {
  const shelf = await shelfFor(t);
  const fault = new FeedFault('connection_lost', 'The provider closed the connection.');
  const counts = { changed: 0, records: 3 };
  await shelf.run('half a fe', { outcome: 'incomplete', code: fault.code, fault, counts });
  await shelf.run('half a fe', { outcome: 'incomplete', code: fault.code, fault, counts });
  await shelf.run('half a feed', { outcome: 'incomplete', code: fault.code, fault, counts });

  const entries = await shelf.entries();
  t.deepEqual(
    entries.map(({ bytes, complete, fault: kept }) => ({ bytes, complete, code: kept?.code })),
    [
      { bytes: 9, complete: false, code: 'connection_lost' },
      { bytes: 11, complete: false, code: 'connection_lost' },
    ],
  );
});

test('a feed that was not read to the end is kept as far as it was read', async (t) => {
  const shelf = await shelfFor(t);
  const feed: Feed = {
    chunks: inPieces(noise(1, 9000), null),
    contentType: '',
    validators: nothing,
    freshForMs: null,
  };
  const { chunks } = (await shelf.bodies.copied('default', feed)) as Feed;
  await chunks[Symbol.asyncIterator]().next();
  await shelf.bodies.keep({
    id: 1,
    provider: 'default',
    startedAt: 1,
    outcome: 'incomplete',
    code: 'root_unexpected',
    counts: { added: 1 },
  });

  const [entry] = await shelf.entries();
  t.is(entry?.bytes, 1000);
  t.is(entry?.fault?.code, 'root_unexpected');
});

test('no more of a feed is read than its run requests', async (t) => {
  const shelf = await shelfFor(t);
  let given = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given++;
      yield noise(given, 100);
    }
  }
  const feed: Feed = { chunks: counted(), contentType: '', validators: nothing, freshForMs: null };
  const { chunks } = (await shelf.bodies.copied('default', feed)) as Feed;
  let taken = 0;
  for await (const chunk of chunks) {
    t.is(chunk.length, 100);
    t.is(given, ++taken);
    if (taken === 50) break;
  }
});

test('over the limit the oldest bodies are removed first, and no content without a reference stays', async (t) => {
  const shelf = await shelfFor(t, 35_000);
  for (const seed of [1, 2, 3, 1]) await shelf.run(noise(seed, 10_000));
  t.deepEqual(
    (await shelf.entries()).map(({ number }) => number),
    [1, 2, 3, 4],
    'three contents',
  );

  await shelf.run(noise(4, 10_000));
  const entries = await shelf.entries();
  t.deepEqual(
    entries.map(({ number }) => number),
    [3, 4, 5],
    'the first content has a newer run',
  );
  t.deepEqual(await shelf.contents(), entries.map(({ hash }) => hash).toSorted());

  await shelf.open(15_000);
  await shelf.run(noise(5, 1000));
  t.deepEqual(
    (await shelf.entries()).map(({ number }) => number),
    [5, 6],
    'a lower limit applies from the next start',
  );
  t.deepEqual(shelf.failures, []);
});

test('a body beyond the limit is not kept, does not remove the others, and leaves a gap', async (t) => {
  const shelf = await shelfFor(t, 15_000);
  await shelf.run(noise(1, 10_000));
  await shelf.run(noise(2, 20_000));
  await shelf.run(noise(3, 15_000 * 16 + 1000));
  t.is(shelf.failures.length, 1, 'told once');
  await shelf.run('a small one');

  t.deepEqual(
    (await shelf.entries()).map(({ number }) => number),
    [1, 4],
  );
  t.is((await shelf.contents()).length, 2);
});

test('with a limit of 0 nothing is written at all', async (t) => {
  const shelf = await shelfFor(t, 0);
  await shelf.run('a feed');
  await t.throwsAsync(readdir(shelf.directory), { code: 'ENOENT' });
});

test('a body that a killed process was reading is kept, since a part may have been absorbed', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('the first feed');
  const feed: Feed = {
    chunks: inPieces(noise(1, 9000), null),
    contentType: 'text/xml',
    validators: nothing,
    freshForMs: null,
  };
  await readAll((await shelf.bodies.copied('default', feed)) as Feed);
  // It is never ended, as if the process were killed. The next process finds its files.
  await shelf.open();
  await shelf.run('the last feed');

  const entries = await shelf.entries();
  t.deepEqual(
    entries.map(({ runId, bytes, complete, fault }) => [runId, bytes, complete, fault?.code]),
    [
      [1, 14, true, undefined],
      [null, 9000, false, 'killed'],
      [2, 13, true, undefined],
    ],
  );
  t.like(entries[1], { provider: 'default', startedAt: instant, contentType: 'text/xml' });
  t.deepEqual(await readdir(join(shelf.directory, 'spool')), []);
});

test('a feed that kills its reader each time does not remove all others', async (t) => {
  const shelf = await shelfFor(t);
  for (let kill = 1; kill <= 6; kill++) {
    const feed: Feed = {
      chunks: inPieces(noise(kill, 1000), null),
      contentType: '',
      validators: nothing,
      freshForMs: null,
    };
    await readAll((await shelf.bodies.copied('default', feed)) as Feed);
    await shelf.open();
  }
  await shelf.run('an end to it');
  const killed = (await shelf.entries()).filter(({ runId }) => runId === null);
  t.is(killed.length, 3);
});

test('no run fails when the directory cannot be created, and bodies are kept as soon as it can', async (t) => {
  const shelf = await shelfFor(t);
  await rm(shelf.directory, { recursive: true });
  await writeFile(shelf.directory, 'in the way');
  await shelf.open();
  await shelf.run('a feed');
  await shelf.run('the next feed');
  t.is(shelf.failures.length, 1, 'told once');
  t.regex(shelf.failures[0]!, /cannot be stored.*(EEXIST|ENOTDIR)/);

  await rm(shelf.directory);
  await shelf.run('and another');
  t.is(await shelf.text((await shelf.entries()).at(-1)), 'and another');
});

test('no run fails when the directory is removed while a feed is read', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('a feed');
  const feed: Feed = {
    chunks: inPieces(noise(1, 9000), null),
    contentType: '',
    validators: nothing,
    freshForMs: null,
  };
  const { chunks } = (await shelf.bodies.copied('default', feed)) as Feed;
  let bytes = 0;
  for await (const chunk of chunks) {
    if (bytes === 0) await rm(shelf.directory, { recursive: true });
    bytes += chunk.length;
  }
  t.is(bytes, 9000);
  await shelf.bodies.keep({
    id: 2,
    provider: 'default',
    startedAt: 1,
    outcome: 'absorbed',
    code: null,
    counts: { added: 1 },
  });
  t.is(shelf.failures.length, 1);

  await shelf.run('the next feed');
  t.deepEqual(
    (await shelf.entries()).map(({ number }) => number),
    [3],
    'the gap shows',
  );
});

test('content that does not match its name is reported, whatever the damage', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run(noise(1, 10_000));
  const [entry] = await shelf.entries();
  const path = join(shelf.directory, 'content', entry!.hash);
  await t.notThrowsAsync(checkContent(path, entry!));
  const whole = await readFile(path);

  const flipped = Buffer.from(whole);
  flipped[5000]! ^= 1;
  await writeFile(path, flipped);
  await t.throwsAsync(checkContent(path, entry!), { message: new RegExp(`${entry!.hash}.*|cannot be read`) });
  await writeFile(path, whole);
  await truncate(path, 9000);
  await t.throwsAsync(checkContent(path, entry!), { message: /cannot be read|expected 10000/ });
  await rm(path);
  await t.throwsAsync(checkContent(path, entry!), { message: /cannot be read: ENOENT/ });
});

test('an unreadable entry affects no other', async (t) => {
  const shelf = await shelfFor(t);
  await shelf.run('one');
  await shelf.run('two');
  await writeFile(join(shelf.directory, 'runs', '0000000001.json'), '{"format":2}');
  await mkdir(join(shelf.directory, 'spool'), { recursive: true });
  await writeFile(join(shelf.directory, 'spool', '7.json'), 'torn');
  await shelf.open();
  await shelf.run('three');

  t.deepEqual(
    (await shelf.entries()).map(({ number }) => number),
    [2, 3],
  );
  t.is((await shelf.contents()).length, 2);
  t.is(shelf.failures.length, 1);
  t.regex(shelf.failures[0]!, /0000000001\.json is not a valid index entry/);
});
