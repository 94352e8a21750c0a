import test from 'ava';
import { release } from '#/kit/machine/release.ts';

test('bytes with a buffer of their own are freed at once, and are empty then', (t) => {
  const bytes = new Uint8Array(1_000_000).fill(7);
  const before = process.memoryUsage().arrayBuffers;
  release(bytes);
  t.is(bytes.byteLength, 0);
  t.true(process.memoryUsage().arrayBuffers <= before - 1_000_000);
});

test('bytes that share a buffer with others stay', (t) => {
  const all = new Uint8Array(100).fill(7);
  release(all.subarray(10, 20));
  t.is(all.byteLength, 100);
  const shared = new Uint8Array(new SharedArrayBuffer(100));
  release(shared);
  t.is(shared.byteLength, 100);
});
