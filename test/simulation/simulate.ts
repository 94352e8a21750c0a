// Tells the stories of many seeds, on every core, and stops at the end of its time or at the first that does not hold.
//
//   npm run simulate -- --seconds 60      from a seed drawn at random
//   npm run simulate -- --seed 42         one seed, word for word

import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { tellStory } from './_story.ts';

interface Tally {
  readonly seeds: number;
  readonly published: number;
  readonly swaps: number;
  readonly broken: readonly { readonly seed: number; readonly faults: readonly string[] }[];
}

const seedsMax = 2 ** 31;
/** One in so many is told twice, to see that a seed tells the same each time. */
const repeatEvery = 50;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    from: { type: 'string' },
    every: { type: 'string', default: '1' },
  },
});

async function tellMany(from: number, every: number, seconds: number): Promise<Tally> {
  const until = performance.now() + seconds * 1000;
  const tally = { seeds: 0, published: 0, swaps: 0, broken: [] as { seed: number; faults: string[] }[] };
  for (let seed = from; performance.now() < until && tally.broken.length === 0; seed += every) {
    const { faults, published, swaps, trace } = await tellStory(seed);
    const isOdd = tally.seeds % repeatEvery === 0 && (await tellStory(seed)).trace !== trace;
    if (faults.length > 0 || isOdd)
      tally.broken.push({
        seed,
        faults: isOdd ? [...faults, 'Told again, it was another story.'] : [...faults],
      });
    tally.seeds++;
    tally.published += published;
    tally.swaps += swaps;
  }
  return tally;
}

function tellAside(from: number, every: number): Promise<Tally> {
  const args = ['--from', String(from), '--every', String(every), '--seconds', values.seconds];
  const child = fork(import.meta.filename, args);
  return new Promise((resolve, reject) => {
    child.once('message', (tally) => resolve(tally as Tally));
    child.once('exit', (code) => reject(new Error(`A teller ended with ${code} before it was done.`)));
  });
}

async function main(): Promise<void> {
  if (values.seed !== undefined) {
    const { faults } = await tellStory(Number(values.seed), (line) => console.log(line));
    for (const fault of faults) console.error(fault);
    process.exitCode = faults.length === 0 ? 0 : 1;
    return;
  }
  if (values.from !== undefined) {
    process.send?.(await tellMany(Number(values.from), Number(values.every), Number(values.seconds)));
    process.disconnect?.();
    return;
  }
  const from = randomInt(seedsMax);
  const tellers = availableParallelism();
  const startedAt = performance.now();
  const tallies = await Promise.all(Array.from({ length: tellers }, (_, i) => tellAside(from + i, tellers)));
  const minutes = (performance.now() - startedAt) / 60_000;
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + of(tally), 0);
  const seeds = sum((tally) => tally.seeds);
  console.log(
    `${seeds} seeds from ${from} on, ${Math.round(seeds / minutes)} per minute on ${tellers} cores; ` +
      `${sum((tally) => tally.published)} versions published, ${sum((tally) => tally.swaps)} views swapped`,
  );
  for (const { seed, faults } of tallies.flatMap(({ broken }) => broken)) {
    console.error(`Seed ${seed} does not hold (npm run simulate -- --seed ${seed}):\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
