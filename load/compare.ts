// `make load-compare A=… B=…`: compares two reports of `make load`, measure by measure.

import { readFile } from 'node:fs/promises';
import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { compare, type Compared, type Comparison } from './kit/compare.ts';
import type { Report } from './kit/report.ts';
import { shortNumber, table } from './kit/table.ts';

const help = `Usage: node load/compare.ts A.json B.json [--help] [--version]

Compares two reports of the load suite: each measure of A and B, their ratio, and whether the ratio exceeds the noise
between the rounds of both. The exit code is 1 when a measure is worse.
`;

async function main(reports: readonly string[]): Promise<number> {
  const [a, b] = reports;
  if (a === undefined || b === undefined || reports.length > 2)
    throw new UsageError(`Got ${reports.length} reports, expected two: make load-compare A=FILE B=FILE.`);
  const comparison = compare(await readReport(a), await readReport(b));
  process.stdout.write(textOf(comparison));
  return comparison.compared.some(({ judgement }) => judgement === 'worse') ? 1 : 0;
}

async function readReport(path: string): Promise<Report> {
  const report = JSON.parse(await readFile(path, 'utf8')) as Partial<Report> | null;
  if (!Array.isArray(report?.measures))
    throw new Error(`Got ${path} without measures, expected a report of make load.`);
  return report as Report;
}

function textOf({ compared, onlyA, onlyB, warnings }: Comparison): string {
  const columns = ['', 'A', 'B', 'B / A', 'noise', ''];
  const ofKind = (kind: string): Compared[] => compared.filter(({ judgement }) => judgement === kind);
  const lines = [
    table(
      columns,
      ['worse', 'better', 'the same', 'unknown'].flatMap((kind) => ofKind(kind).map(row)),
    ),
    '',
    ...warnings.map((warning) => `WARNING: ${warning}`),
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
