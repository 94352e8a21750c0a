// Simulates many seeds, on every core, until its time is over or until one violates an invariant.
//
//   npm run simulate -- --seconds 60      from a random seed
//   npm run simulate -- --seed 42         one seed, with every step

import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { tellStory } from './_story.ts';

interface Tally {
  readonly seeds: number;
  readonly published: number;
  readonly swaps: number;
  readonly broken: readonly { readonly seed: number; readonly faults: readonly string[] }[];
}

const seedsMax = 2 ** 31;
/** One in this many seeds runs twice, to check that both runs are equal. */
const repeatEvery = 50;

const help = `Usage: npm run simulate -- [--seconds 60] [--seed N] [--help] [--version]

Simulates the whole system with faults, one seed after the other on every core, and stops after its time or at the first
seed that fails.

  --seconds N   for how long; default: 60
  --seed N      only this seed, with every step printed
  --from N --every N   on one core: every Nth seed from this one on
`;

const options = {
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string' },
  from: { type: 'string' },
  every: { type: 'string', default: '1' },
} as const;

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

function tellAside(from: number, every: number, seconds: number): Promise<Tally> {
  const args = ['--from', String(from), '--every', String(every), '--seconds', String(seconds)];
  const child = fork(import.meta.filename, args);
  return new Promise((resolve, reject) => {
    child.once('message', (tally) => resolve(tally as Tally));
    child.once('exit', (code) => reject(new Error(`A teller ended with ${code} before it was done.`)));
  });
}

async function main({ seconds, seed, from: first, every }: Values<typeof options>): Promise<number> {
  const secondsMax = numberOf('seconds', seconds);
  if (seed !== undefined) {
    const { faults } = await tellStory(numberOf('seed', seed), (line) => console.log(line));
    for (const fault of faults) console.error(fault);
    return faults.length === 0 ? 0 : 1;
  }
  if (first !== undefined) {
    process.send?.(await tellMany(numberOf('from', first), numberOf('every', every), secondsMax));
    process.disconnect?.();
    return 0;
  }
  const from = randomInt(seedsMax);
  const tellers = availableParallelism();
  const startedAt = performance.now();
  const tallies = await Promise.all(
    Array.from({ length: tellers }, (_, i) => tellAside(from + i, tellers, secondsMax)),
  );
  const minutes = (performance.now() - startedAt) / 60_000;
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + of(tally), 0);
  const seeds = sum((tally) => tally.seeds);
  console.log(
    `${seeds} seeds from ${from} on, ${Math.round(seeds / minutes)} per minute on ${tellers} cores; ` +
      `${sum((tally) => tally.published)} versions published, ${sum((tally) => tally.swaps)} views swapped`,
  );
  const broken = tallies.flatMap((tally) => tally.broken);
  for (const { seed: failed, faults } of broken)
    console.error(
      `Seed ${failed} violates an invariant (npm run simulate -- --seed ${failed}):\n${faults.join('\n')}`,
    );
  return broken.length === 0 ? 0 : 1;
}

function numberOf(name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`Got --${name}=${text}, expected a number.`);
  return Number(text);
}

if (import.meta.main) process.exitCode = await runCommand(process.argv.slice(2), { help, options }, main);
