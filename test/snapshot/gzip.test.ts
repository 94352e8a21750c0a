import { crc32, gunzipSync } from 'node:zlib';
import test from 'ava';
import { combineCrc, crcOfRest } from '#/snapshot/gzip/crc.ts';
import { createGzipStitcher, deflatePart } from '#/snapshot/gzip/gzip.ts';
import { isLong, longTest } from '../_support/long.ts';
import { seededFor, type Random } from '../_support/random.ts';

const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.pick([97, 98, 99, random.int(0, 255)])));

test('the checksum of two concatenated texts follows from theirs, whatever their lengths', (t) => {
  const random = seededFor(t);
  for (const length of [0, 1, 2, 255, 256, 257, 65_535, 65_536, 70_001, random.int(0, 300_000)]) {
    const [first, second] = [bytesOf(random, random.int(0, 500)), bytesOf(random, length)];
    const both = crc32(Buffer.concat([first, second]));
    t.is(combineCrc(crc32(first), crc32(second), length), both);
    t.is(crcOfRest(both, crc32(first), length), crc32(second));
  }
});

longTest(test)('a length of more than sixteen million bytes is correct too', (t) => {
  const long = Buffer.alloc(0x0123_4567, 'ab');
  t.is(combineCrc(crc32('x'), crc32(long), long.length), crc32(long, crc32('x')));
});

test('everything added and appended becomes one member', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < (isLong ? 200 : 25); round++) {
    const gzip = createGzipStitcher();
    const wanted: Buffer[] = [];
    for (let i = random.int(0, 12); i > 0; i--) {
      const text = bytesOf(random, random.pick([0, 1, 511, 512, 513, random.int(0, 3000), 66_000]));
      if (random.chance(0.5)) {
        const [from, to] = [random.int(0, text.length), random.int(0, text.length)].toSorted((a, b) => a - b);
        gzip.add(text, from!, to!);
        wanted.push(text.subarray(from, to));
      } else {
        gzip.append(deflatePart(text), crc32(text), text.length);
        wanted.push(text);
      }
    }
    const { parts, bytes } = gzip.finish();
    const member = Buffer.concat(parts);
    t.is(member.length, bytes);
    t.deepEqual(gunzipSync(member), Buffer.concat(wanted));
  }
});

longTest(test)(
  'text of more than a million bytes is stored, so that no answer takes long to deflate',
  (t) => {
    const gzip = createGzipStitcher();
    const text = Buffer.alloc(70_000, 'an event, and another one; ');
    for (let i = 0; i < 50; i++) gzip.add(text, 0, text.length);
    const { parts, bytes } = gzip.finish();
    t.true(bytes > 2_000_000 && bytes < 3_000_000, `${bytes} bytes of ${50 * text.length}`);
    t.deepEqual(gunzipSync(Buffer.concat(parts)), Buffer.concat(Array.from({ length: 50 }, () => text)));
  },
);
