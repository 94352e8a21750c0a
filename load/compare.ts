// What `make load-compare A=… B=…` runs: two reports of `make load`, figure by figure.

import { readFile } from 'node:fs/promises';
import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { compare, type Compared, type Comparison } from './kit/compare.ts';
import type { Report } from './kit/report.ts';
import { shortNumber, table } from './kit/table.ts';

const help = `Usage: node load/compare.ts A.json B.json [--help] [--version]

Compares two reports of the load suite: each figure of B beside that of A, their ratio, and whether that is more than the
rounds of the two differ among themselves. Ends with 1 when something got worse.
`;

async function main(reports: readonly string[]): Promise<number> {
  const [a, b] = reports;
  if (a === undefined || b === undefined || reports.length > 2)
    throw new UsageError(`Got ${reports.length} reports, expected two: make load-compare A=FILE B=FILE.`);
  const comparison = compare(await readReport(a), await readReport(b));
  process.stdout.write(wordsOf(comparison));
  return comparison.compared.some(({ judgement }) => judgement === 'worse') ? 1 : 0;
}

async function readReport(path: string): Promise<Report> {
  const report = JSON.parse(await readFile(path, 'utf8')) as Partial<Report> | null;
  if (!Array.isArray(report?.measures))
    throw new Error(`Got ${path} without measures, expected a report of make load.`);
  return report as Report;
}

function wordsOf({ compared, onlyA, onlyB, doubts }: Comparison): string {
  const columns = ['', 'A', 'B', 'B / A', 'noise', ''];
  const ofKind = (kind: string): Compared[] => compared.filter(({ judgement }) => judgement === kind);
  const lines = [
    table(
      columns,
      ['worse', 'better', 'the same', 'unknown'].flatMap((kind) => ofKind(kind).map(row)),
    ),
    '',
    ...doubts.map((doubt) => `DOUBT: ${doubt}`),
    ...onlyA.map((name) => `only in A: ${name}`),
    ...onlyB.map((name) => `only in B: ${name}`),
    `${ofKind('worse').length} worse, ${ofKind('better').length} better, ${ofKind('the same').length} within noise.`,
  ];
  return `${lines.join('\n')}\n`;
}

const row = ({ name, unit, a, b, ratio, noise, judgement }: Compared): string[] => [
  name,
  `${shortNumber(a)} ${unit}`,
  `${shortNumber(b)} ${unit}`,
  `${shortNumber(ratio)} ×`,
  `± ${(noise * 100).toFixed(0)} %`,
  judgement === 'worse' ? 'WORSE' : judgement,
];

if (import.meta.main) {
  process.exitCode = await runCommand(
    process.argv.slice(2),
    { help, options: {}, operands: 'A.json and B.json' },
    (_, reports) => main(reports),
  ).catch((error: unknown) => {
    console.error(messageOf(error));
    return 1;
  });
}
