// `npm run load -- compare A B`: whether two attacks differ, measure by measure, by a rank-sum test over their rounds.

import { median } from 'simple-statistics';
import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { shortNumber, table } from '../kit/table.ts';
import { rankSumProbability } from './rank-sum.ts';
import { readAttack, type AttackReport, type RoundReport } from './report.ts';

export interface Difference {
  readonly name: keyof RoundReport;
  readonly a: number;
  readonly b: number;
  /** The probability of such a difference between two runs of the same system. */
  readonly p: number;
  readonly judgement: 'better' | 'worse' | 'the same';
}

/** What is compared. The maximum is left out: it is one request of a round. */
const measures = [
  { name: 'perSecond', better: 'more' },
  { name: 'p50', better: 'less' },
  { name: 'p99', better: 'less' },
  { name: 'errors', better: 'less' },
] as const;

/** The probability that any measure of two runs of the same system is reported as different: at most one in 20. */
const falseAlarms = 0.05;

/** Holm's method: the smallest probability must be below a quarter of the limit, the next below a third, and so on. */
export function differences(a: readonly RoundReport[], b: readonly RoundReport[]): Difference[] {
  const tested = measures.map(({ name, better }) => {
    const [before, after] = [a.map((round) => round[name]), b.map((round) => round[name])];
    const [was, is] = [median(before), median(after)];
    const isBetter = is > was === (better === 'more');
    return { name, a: was, b: is, p: rankSumProbability(before, after), isBetter };
  });
  const judged = new Map<string, boolean>();
  let holds = true;
  for (const [rank, { name, p }] of tested.toSorted((one, other) => one.p - other.p).entries()) {
    holds &&= p <= falseAlarms / (tested.length - rank);
    judged.set(name, holds);
  }
  return tested.map(({ isBetter, ...one }) => ({
    ...one,
    judgement: judged.get(one.name) !== true || one.a === one.b ? 'the same' : isBetter ? 'better' : 'worse',
  }));
}

const help = `Usage: npm run load -- compare A.json B.json [--help] [--version]

Compares two reports of \`npm run load -- attack\` by the rank-sum test over their rounds. At most one comparison in 20 of equal
systems reports a difference. With 10 rounds or more, a loss is found when it is about as large as the noise of one round.
The exit code is 1 when a measure is worse.
`;

const roundsMin = 5;

function textOf(a: AttackReport, b: AttackReport): { text: string; isWorse: boolean } {
  const found = differences(a.rounds, b.rounds);
  const rows = found.map(({ name, a: was, b: is, p, judgement }) => [
    name,
    shortNumber(was),
    shortNumber(is),
    was === 0 ? '' : `${shortNumber(is / was)} ×`,
    p.toFixed(4),
    judgement === 'worse' ? 'WORSE' : judgement,
  ]);
  const warning =
    a.perSecond === b.perSecond
      ? ''
      : `WARNING: A was sent ${a.perSecond} requests per second, B ${b.perSecond}.\n`;
  const text = `${table(['median of the rounds', 'A', 'B', 'B / A', 'p', ''], rows)}\n${warning}`;
  return { text, isWorse: found.some(({ judgement }) => judgement === 'worse') };
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(
    args,
    { help, options: {}, operands: 'A.json and B.json' },
    async (_, [first, second, ...more]) => {
      if (first === undefined || second === undefined || more.length > 0)
        throw new UsageError('Got another number of reports, expected two: compare A.json B.json.');
      const [a, b] = [await readAttack(first), await readAttack(second)];
      for (const [name, { rounds }] of [[first, a] as const, [second, b] as const])
        if (rounds.length < roundsMin)
          throw new UsageError(`Got ${rounds.length} rounds in ${name}, expected at least ${roundsMin}.`);
      const { text, isWorse } = textOf(a, b);
      process.stdout.write(text);
      return isWorse ? 1 : 0;
    },
  );
