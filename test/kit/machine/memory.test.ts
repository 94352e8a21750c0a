import test from 'ava';
import { heapFlags, memoryMegabytes, memoryShare } from '#/kit/machine/memory.ts';

test('the limit of a cgroup counts when it is less than the memory of the machine', (t) => {
  const machine = 8_000_000_000;
  t.is(memoryMegabytes(2 ** 31, machine), 2147);
  for (const none of [0, 2 ** 63, 18_446_744_073_709_552_000]) t.is(memoryMegabytes(none, machine), 8000);
});

test('all processes at their limits, with one successor during a replacement, fit into the memory', (t) => {
  for (const megabytes of [512, 1000, 2147, 4295, 8000, 64_000])
    for (const [workers, ingests] of [
      [1, 0],
      [1, 1],
      [2, 1],
      [8, 1],
      [0, 1],
    ] as const) {
      const share = memoryShare(megabytes, workers, ingests);
      const successor = workers > 0 ? 1 : 0;
      const all = share * (workers + successor + ingests);
      t.true(all < megabytes - 100 || share === 1, `${megabytes} MB, ${workers} workers: ${share} MB each`);
      t.true(share <= 2048);
    }
  t.is(memoryShare(2147, 2, 1), 445);
  t.is(memoryShare(64_000, 8, 1), 2048);
  t.is(memoryShare(100, 2, 1), 1);
});

test('the heap of a process fits its limit, with a margin for its replacement', (t) => {
  t.deepEqual(heapFlags(445), ['--max-old-space-size=556']);
  t.deepEqual(heapFlags(30), ['--max-old-space-size=256']);
  t.deepEqual([heapFlags(0), heapFlags(2048), heapFlags(4000)], [[], [], []]);
  // A heap with a limit of its own has it unless the process has none, or more than the largest share.
  t.deepEqual(heapFlags(445, 1536), ['--max-old-space-size=556']);
  t.deepEqual(heapFlags(2048, 1536), ['--max-old-space-size=1536']);
  t.deepEqual([heapFlags(0, 1536), heapFlags(4000, 1536)], [[], []]);
});
