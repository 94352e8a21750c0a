import { crc32, inflateRawSync } from 'node:zlib';
import test from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { encodeSegment } from '#/snapshot/encode.ts';
import { storedComma } from '#/snapshot/gzip/gzip.ts';
import { indexedMin, searchLongIndex } from '#/snapshot/long-index.ts';
import { blockEvents, decodeSegment, type Layer, type Segment } from '#/snapshot/segment.ts';
import { everything, randomEvents, truthOf } from '../_support/catalogue.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const some = (events: number, longShare = 0.1): DetailedEvent[] =>
  randomEvents(randomOf(7), { events, from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31), longShare });

/** The events of a segment in order, each as its start, its end and its JSON, by merging the layers one by one. */
function told({ brief, long }: Segment): string[] {
  const events: string[] = [];
  const tell = ({ starts, ends, text, textAt }: Layer, i: number): void => {
    const json = text.toString('utf8', textAt[i], textAt[i + 1]);
    if (!json.startsWith(',{') || !json.endsWith('}')) throw new Error(`Got ${json}.`);
    events.push(`${starts[i]} ${ends[i]} ${json.slice(1)}`);
  };
  for (let [i, j] = [0, 0]; i < brief.events || j < long.events;) {
    if (j < long.events && long.before[j] === i) tell(long, j++);
    else tell(brief, i++);
  }
  return events;
}

function holds(segment: Segment, events: readonly DetailedEvent[]): boolean {
  const wanted = events.map((event) => `${event.start} ${event.end} ${renderSummary(event)}`);
  return segment.events === events.length && told(segment).join('\n') === wanted.join('\n');
}

test('a segment survives encoding and decoding: columns, texts, extremes and blocks', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 60; round++) {
    const events = randomEvents(random, {
      events: random.pick([1, 2, 63, 64, 65, random.int(1, 1500)]),
      from: random.pick([Date.UTC(2021, 0, 1), Date.UTC(1960, 0, 1), Date.UTC(1, 0, 1)]),
      to: Date.UTC(2021, 11, 31),
      longShare: random.pick([0, 0.1, 1]),
      stepMs: random.pick([1, 60_000, 30 * 86_400_000]),
    });
    const segment = decodeSegment(encodeSegment(events));
    t.true(holds(segment, events));
    t.is(segment.minStart, events[0]!.start);
    t.is(segment.maxStart, events.at(-1)!.start);
    t.is(segment.minEnd, Math.min(...events.map(({ end }) => end)));
    t.is(segment.maxEnd, Math.max(...events.map(({ end }) => end)));
    segment.brief.blockEndMax.forEach((latest, block) => {
      const ends = segment.brief.ends.subarray(block * blockEvents, (block + 1) * blockEvents);
      if (latest !== Math.max(...ends)) t.fail(`block ${block} ends otherwise`);
    });
  }
});

test('each sequence of blocks has its deflated form, and so has the whole', (t) => {
  const random = seededFor(t);
  for (const longShare of [0, 0.1, 1]) {
    const { brief, long, whole } = decodeSegment(encodeSegment(some(700, longShare)));
    const blocks = brief.blockEndMax.length;
    for (let round = 0; round < 30 && blocks > 0; round++) {
      const [from = 0, to = 0] = [random.int(0, blocks), random.int(0, blocks)].toSorted((a, b) => a - b);
      if (from === to) continue;
      const [begin, end] = [from, to].map(
        (block) => brief.textAt[Math.min(block * blockEvents, brief.events)],
      );
      const part = brief.deflated.subarray(
        brief.deflatedAt[from],
        brief.deflatedAt[to]! - storedComma.length,
      );
      const text = brief.text.subarray(begin! + 1, end);
      t.true(inflated(part).equals(text));
      t.is(brief.crcs[to], crc32(brief.text.subarray(0, end)));
    }
    t.is(whole === null, brief.events === 0 || long.events === 0);
    if (whole === null) continue;
    const text = inflated(whole.deflated);
    t.is(whole.crc, crc32(text));
    const events = some(700, longShare);
    t.is(`{"data":{"events":[${text.toString()}]},"error":null}`, truthOf(events, everything));
  }
});

/** Inflates parts of a deflate stream that has no end. */
const inflated = (part: Buffer): Buffer => inflateRawSync(Buffer.concat([part, Buffer.from([3, 0])]));

test('the same events always give the same bytes', (t) => {
  const [one, other] = [encodeSegment(some(500)), encodeSegment(structuredClone(some(500)))];
  t.true(Buffer.from(one).equals(other));
});

test('a segment without events is never created', (t) => {
  t.throws(() => encodeSegment([]), { message: /at least one event/ });
});

test('bytes at any offset of a larger buffer are decoded', (t) => {
  const events = some(100);
  const bytes = encodeSegment(events);
  for (let shift = 0; shift < 9; shift++) {
    const larger = new Uint8Array(bytes.length + shift + 5);
    larger.set(bytes, shift);
    t.true(holds(decodeSegment(larger.subarray(shift, shift + bytes.length)), events), `at ${shift}`);
  }
});

test('an unknown section is skipped', (t) => {
  const events = some(100);
  const bytes = encodeSegment(events);
  t.true(holds(decodeSegment(withSection(bytes, 99, Buffer.from('from the future'))), events));
});

test('a segment that lacks a section is refused', (t) => {
  const bytes = encodeSegment(some(10));
  for (let section = 0; section < 17; section++) {
    const without = Uint8Array.from(bytes);
    new DataView(without.buffer).setUint32(24 + section * 16, 98, true);
    t.throws(() => decodeSegment(summed(without)), {
      message: `Got a segment without section ${section + 1}.`,
    });
  }
});

test('every truncation of a segment is refused', (t) => {
  const bytes = encodeSegment(some(3));
  for (let length = 0; length < bytes.length; length++) {
    t.throws(
      () => decodeSegment(bytes.slice(0, length)),
      { message: /^Got .*, expected / },
      `${length} bytes`,
    );
  }
});

test('every flipped bit is refused', (t) => {
  const bytes = encodeSegment(some(3));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    const seen = t.throws(() => decodeSegment(bytes));
    if (!seen.message.startsWith('Got ')) t.fail(`bit ${bit}: ${seen.message}`);
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
  }
});

test('a future format is refused by its number', (t) => {
  const bytes = encodeSegment(some(3));
  new DataView(bytes.buffer).setUint32(4, 4, true);
  t.throws(() => decodeSegment(bytes), { message: 'Got segment format 4, expected 3.' });
});

test('foreign bytes are refused, random ones too', (t) => {
  const random = seededFor(t);
  t.throws(() => decodeSegment(Buffer.from('<html>'.repeat(100))), { message: /^Got magic/ });
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: random.int(0, 400) }, () => random.int(0, 255));
    t.throws(() => decodeSegment(bytes));
  }
});

test('inconsistent columns are refused, although the checksum is correct', (t) => {
  const events = some(120, 0.2);
  const harms: Record<string, (view: DataView, at: (section: number) => number) => void> = {
    'sorted by start': (view, at) => view.setFloat64(at(1) + 8, 1e18, true),
    'rising offsets': (view, at) => view.setUint32(at(3) + 8, 1, true),
    '0 to 129600000 ms': (view, at) => view.setFloat64(at(2), -1e18, true),
    'more than 129600000 ms': (view, at) => view.setFloat64(at(10), -1e18, true),
    'its position by start': (view, at) => view.setUint32(at(14), 1e6, true),
    'for two layers': (view) => view.setUint32(24 + 15 * 16 + 8, 0, true),
    '0 to': (view, at) => view.setUint32(at(3), 1, true),
    'at least one': (view) => view.setUint32(12, 1e6, true),
    'a column of': (view) => view.setUint32(8, 119, true),
    sections: (view) => view.setUint32(16, 65, true),
  };
  for (const [words, harm] of Object.entries(harms)) {
    const bytes = encodeSegment(events);
    const view = new DataView(bytes.buffer);
    harm(view, (section) => view.getUint32(24 + (section - 1) * 16 + 4, true));
    const error = t.throws(() => decodeSegment(summed(bytes)));
    t.true(error?.message.includes(words), `${words}: ${error?.message}`);
  }
});

/** The same bytes with their correct checksum. */
function summed(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(20, crc32(bytes.subarray(24)), true);
  return bytes;
}

/** The segment with one more section at its end, as a later version may write it. */
function withSection(bytes: Uint8Array, id: number, content: Uint8Array): Uint8Array {
  const old = new DataView(bytes.buffer, bytes.byteOffset);
  const sections = old.getUint32(16, true);
  const bodyFrom = 24 + sections * 16;
  const shift = 16;
  const longer = new Uint8Array(
    Math.ceil((bytes.length + shift) / 8) * 8 + Math.ceil(content.length / 8) * 8,
  );
  longer.set(bytes.subarray(0, bodyFrom));
  longer.set(bytes.subarray(bodyFrom), bodyFrom + shift);
  longer.set(content, longer.length - Math.ceil(content.length / 8) * 8);
  const view = new DataView(longer.buffer);
  view.setUint32(16, sections + 1, true);
  for (let i = 0; i < sections; i++) {
    const at = 24 + i * 16 + 4;
    view.setUint32(at, old.getUint32(at, true) + shift, true);
  }
  [id, longer.length - Math.ceil(content.length / 8) * 8, content.length, 0].forEach((value, field) =>
    view.setUint32(bodyFrom + field * 4, value, true),
  );
  return summed(longer);
}

test('many long events have an index that finds the events of a range, few have none', (t) => {
  const random = seededFor(t);
  for (const count of [1, indexedMin - 1, 2 * indexedMin, 2000]) {
    const { long } = decodeSegment(encodeSegment(some(count, 1)));
    t.is(long.index !== null, long.events >= indexedMin);
    if (long.index === null) continue;
    for (let round = 0; round < 50; round++) {
      const start = random.pick([...long.starts]) + random.int(-1, 1);
      const end = random.pick([...long.ends]) + random.int(-1, 1);
      const wanted = [...long.starts.keys()].filter((i) => long.starts[i]! >= start && long.ends[i]! <= end);
      t.deepEqual([...searchLongIndex(long.index, start, end)], wanted);
    }
  }
});
