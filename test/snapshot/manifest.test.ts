import { hash } from 'node:crypto';
import test from 'ava';
import {
  decodeManifest,
  encodeManifest,
  eventsIn,
  replacedEntries,
  segmentName,
  type Manifest,
  type SegmentEntry,
} from '#/snapshot/manifest.ts';
import { createManifestReader } from '#/store/manifests/reader.ts';
import { buildAll, randomEvents } from '../_support/catalogue.ts';
import { randomOf, seededFor, type Random } from '../_support/random.ts';

const span = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2022, 11, 31) };

const manifest: Manifest = {
  version: 7,
  segments: buildAll(randomEvents(randomOf(7), { events: 300, ...span }), 50).map(({ entry }) => entry),
};

/** The text of any body, with its correct checksum. */
const signed = (body: object): string => {
  const text = JSON.stringify(body);
  return `${hash('sha256', text, 'hex')}\n${text}\n`;
};
/** In a buffer of its own, as a store reads it. */
function bytesOf(text: string | Uint8Array): Buffer {
  const given = Buffer.from(text as string);
  const bytes = Buffer.allocUnsafeSlow(given.length);
  given.copy(bytes);
  return bytes;
}

/** What a reader makes of the text after it has read this manifest. */
function readAfter(before: Manifest, text: string | Uint8Array): Manifest {
  const reader = createManifestReader();
  reader.read(bytesOf(encodeManifest(before)));
  return reader.read(bytesOf(text));
}
const readers: readonly ((text: string | Uint8Array) => Manifest)[] = [
  (text) => decodeManifest(Buffer.from(text as string).toString()),
  (text) => createManifestReader().read(bytesOf(text)),
  (text) => readAfter(manifest, text),
];
const bodyOf = (given: Manifest): Record<string, unknown> =>
  JSON.parse(encodeManifest(given).split('\n')[1]!) as Record<string, unknown>;

test('a manifest survives encoding and decoding', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 30; round++) {
    const events = randomEvents(random, { events: random.int(0, 400), ...span });
    const given = {
      version: random.int(1, 1e9),
      segments: buildAll(events, random.int(1, 500)).map(({ entry }) => entry),
    };
    t.deepEqual(decodeManifest(encodeManifest(given)), given);
    t.is(eventsIn(given), events.length);
  }
});

test('an empty catalogue has a manifest too', (t) => {
  t.deepEqual(decodeManifest(encodeManifest({ version: 1, segments: [] })), { version: 1, segments: [] });
});

test('events of the last night of 9999 west of UTC belong to the year 10000 and have a manifest', (t) => {
  const events = randomEvents(randomOf(7), {
    events: 3,
    from: Date.UTC(9999, 11, 31),
    to: Date.UTC(9999, 11, 31),
  });
  const late = events.map((event) => ({
    ...event,
    start: Date.UTC(10_000, 0, 1),
    end: Date.UTC(10_000, 0, 1),
  }));
  const given = { version: 1, segments: buildAll(late).map(({ entry }) => entry) };
  t.deepEqual(decodeManifest(encodeManifest(given)), given);
});

test('segments that are not in the order of time are refused, when written and when read', (t) => {
  const segments = manifest.segments.toReversed();
  t.throws(() => encodeManifest({ version: 1, segments }), { message: /expected segments in order of time/ });
  t.throws(() => decodeManifest(signed({ ...bodyOf(manifest), segments })), { message: /in order of time/ });
});

test('the same segment twice is refused', (t) => {
  const [first] = manifest.segments;
  t.throws(() => encodeManifest({ version: 1, segments: [first!, first!] }), { message: /order of time/ });
});

test('a wrong total of events is refused', (t) => {
  t.throws(() => decodeManifest(signed({ ...bodyOf(manifest), events: 301 })), {
    message: 'Got segments with 300 events, expected 301.',
  });
});

test('a future format is refused', (t) => {
  t.throws(() => decodeManifest(signed({ ...bodyOf(manifest), format: 3 })), { message: /format/ });
});

const origin = { archive: 'a'.repeat(32), seq: 0, stamp: 'b'.repeat(32) };
test('the origin of a manifest survives encoding and decoding', (t) => {
  const given = { ...manifest, origin };
  t.deepEqual(decodeManifest(encodeManifest(given)), given);
});

const wrongHeads: Record<string, [object, RegExp]> = {
  'an unknown field': [{ more: 1 }, /^Got the manifest with .*more, expected 4 fields/],
  'half an event': [{ events: 1.5 }, /^Got 1\.5 as events of the manifest, expected a whole number/],
  'an object as segments': [{ segments: {} }, /^Got \{\} as segments of the manifest, expected a list/],
  'a text as segment': [{ segments: ['2021'] }, /^Got "2021" as segment 0, expected an object/],
  'a text as origin': [{ origin: 'me' }, /^Got "me" as its origin, expected an object/],
  'an empty origin': [{ origin: {} }, /^Got undefined as archive of its origin, expected 32 hex digits/],
  'a negative seq': [{ origin: { ...origin, seq: -1 } }, /^Got -1 as seq of its origin/],
  'a short stamp': [{ origin: { ...origin, stamp: 'b' } }, /^Got "b" as stamp of its origin/],
  'an unknown field of its origin': [{ origin: { ...origin, more: 1 } }, /^Got its origin with .*more/],
};
for (const [words, [wrong, message]] of Object.entries(wrongHeads)) {
  test(`a manifest with ${words} is refused`, (t) => {
    const text = signed({ ...bodyOf(manifest), ...wrong });
    t.throws(() => decodeManifest(text), { message });
    t.throws(() => readAfter(manifest, text), { message });
  });
}

const [entry] = manifest.segments;
const wrongEntries: Record<string, object> = {
  'a path for a name': { ...entry, hash: '../../etc/passwd' },
  'a name of other letters': { ...entry, hash: 'G'.repeat(64) },
  'no events': { ...entry, events: 0 },
  'half an event': { ...entry, events: 1.5 },
  'no bytes': { ...entry, bytes: 0 },
  'a start that is not a number': { ...entry, minStart: null },
  'a key that is not a date': { ...entry, key: '2021/06' },
  'an unknown field': { ...entry, more: 1 },
};
for (const [words, wrong] of Object.entries(wrongEntries)) {
  test(`a segment with ${words} is refused`, (t) => {
    const text = signed({ ...bodyOf(manifest), segments: [wrong] });
    const { message } = t.throws(() => decodeManifest(text));
    t.throws(() => readAfter(manifest, text), { message });
  });
}

for (const version of [0, -1, 1.5, '7', null, 2 ** 53]) {
  test(`version ${JSON.stringify(version)} is refused`, (t) => {
    for (const read of readers) t.throws(() => read(signed({ ...bodyOf(manifest), version })));
  });
}

test('every truncation, every flipped bit and every addition is refused', (t) => {
  const bytes = Buffer.from(encodeManifest({ version: 7, segments: manifest.segments.slice(0, 1) }));
  for (let length = 0; length < bytes.length; length++) {
    for (const read of readers) t.throws(() => read(bytes.subarray(0, length)), undefined, `${length} bytes`);
  }
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const turned = Buffer.from(bytes);
    turned[bit >>> 3]! ^= 1 << (bit & 7);
    for (const read of readers) t.throws(() => read(turned), undefined, `bit ${bit}`);
  }
  for (const more of ['\n', ' ', '\n\n', bytes.toString()])
    for (const read of readers) t.throws(() => read(bytes.toString() + more));
});

test('an empty or foreign text is refused with what was got', (t) => {
  for (const text of ['', '\n', '{}', '<html>', `${'0'.repeat(64)}\n{}\n`]) {
    for (const read of readers)
      t.throws(() => read(text), { message: /^Got a manifest with checksum/ }, text);
  }
});

test('a segment is named by the SHA-256 of its bytes', (t) => {
  t.is(segmentName(Buffer.from('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

/** Some entries are gone, some have another name. No two have the same one: names are hashes of what a segment holds. */
function edited(random: Random, entries: readonly SegmentEntry[]): SegmentEntry[] {
  const [gone, changed] = [random.pick([0, 0.05, 0.5]), random.pick([0, 0.05, 1])];
  return entries.flatMap((one) => {
    if (random.chance(gone)) return [];
    if (!random.chance(changed)) return [one];
    // The last number of an entry: by its last digit alone, or with one digit more.
    if (random.chance(0.3)) return [{ ...one, maxEnd: random.pick([one.maxEnd ^ 1, one.maxEnd * 10]) }];
    return [{ ...one, hash: segmentName(Buffer.from(`${one.key} ${random.int(0, 9)}`)) }];
  });
}

test('with an earlier manifest, what is read is the same, and shares the entries that it has', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 200; round++) {
    const events = randomEvents(random, { events: random.int(0, 150), ...span });
    const all = buildAll(events, random.pick([1, 10, 1000])).map(({ entry: one }) => one);
    const before = { version: 1, segments: edited(random, all) };
    const given = { version: 2, segments: edited(random, all), ...(random.chance(0.5) && { origin }) };
    const reader = createManifestReader();
    const first = bytesOf(encodeManifest(before));
    let known = reader.read(first);
    t.deepEqual(known, before);
    for (const next of [given, given, before, given]) {
      const read = reader.read(bytesOf(encodeManifest(next)));
      t.deepEqual(read, next);
      const names = new Map(known.segments.map((one) => [JSON.stringify(one), one]));
      for (const one of read.segments) t.is(one, names.get(JSON.stringify(one)) ?? one);
      known = read;
    }
    t.is(first.length, 0, 'The bytes of the first are free.');
    t.deepEqual(
      replacedEntries(before.segments, given.segments),
      before.segments.filter(({ hash: name, minStart }) =>
        given.segments.every((one) => one.hash !== name || one.minStart !== minStart),
      ),
    );
  }
});

test('a manifest with other white space or another order of fields is read as any JSON', (t) => {
  const body = bodyOf(manifest);
  const spaced = JSON.stringify(body, null, 1).replaceAll('\n', ' ');
  t.deepEqual(readAfter(manifest, `${hash('sha256', spaced, 'hex')}\n${spaced}\n`), manifest);
  const turned = Object.fromEntries(Object.entries(body).toReversed());
  t.deepEqual(readAfter(manifest, signed(turned)), manifest);
});

test('an entry that was checked is not taken for another one: a copy with a fault is refused', (t) => {
  readAfter(manifest, encodeManifest(manifest));
  const segments = manifest.segments.with(0, { ...manifest.segments[0]!, bytes: 0 });
  t.throws(() => encodeManifest({ ...manifest, segments }), { message: /^Got 0 as bytes of segment 0/ });
});

test('with an earlier manifest too, what is not a manifest is refused', (t) => {
  const text = encodeManifest(manifest).split('\n')[1]!;
  const two = { ...manifest, segments: manifest.segments.slice(0, 2) };
  for (const body of [
    text.replaceAll('},{', '}{'),
    text.replace('"segments":[', '"segments":[,'),
    text.replace(/"segments":(\[.*\])/, '"segments":{"segments":$1}'),
    text.replace(/"segments":(\[.*\])/, '"segments":{"segments":[]}'),
    text.replace(/"version":7,"segments":(\[.*\])/, '"version":{"segments":$1},"version":7'),
    text.replace(/"segments":(\[.*\])/, `"origin":{"segments":$1},"origin":${JSON.stringify(origin)}`),
    text.replace(/}$/, String.raw`,"segm\u0065nts":[]}`),
    text.replace('}]', '},]'),
    text.replace(/"segments":.*/, '"segments":""}'),
    text.replace(/"segments":.*/, '"segments":{"length":0}}'),
    text.replace(/}$/, ',"segments":[]}'),
    encodeManifest(two).split('\n')[1]!.replace('"events":2', '"events":3'),
  ]) {
    const signedText = `${hash('sha256', body, 'hex')}\n${body}\n`;
    for (const read of readers) t.throws(() => read(signedText), undefined, body.slice(0, 100));
  }
});

test('a reader goes on after what it has refused, and after the same bytes once more', (t) => {
  const reader = createManifestReader();
  const bytes = bytesOf(encodeManifest(manifest));
  const first = reader.read(bytes);
  t.deepEqual(reader.read(bytes), first);
  t.throws(() => reader.read(bytesOf('{}')));
  const again = reader.read(bytesOf(encodeManifest({ ...manifest, version: 8 })));
  t.deepEqual(again, { ...manifest, version: 8 });
  t.is(again.segments[0], first.segments[0]);
});
