// The report of a run as one HTML file, which loads nothing over the network.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Outcome, Table } from '../kit/bench.ts';
import type { Report } from '../kit/report.ts';

const { resolve } = createRequire(import.meta.url);

export async function pageOf(report: Report, outcomes: readonly Outcome[]): Promise<string> {
  const [style, libraryStyle, library, script] = await Promise.all([
    readFile(new URL('page.css', import.meta.url), 'utf8'),
    readFile(resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    readFile(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    readFile(new URL('plots.js', import.meta.url), 'utf8'),
  ]);
  const plots = outcomes.flatMap((outcome) => outcome.plots ?? []);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Load report, ${escaped(report.at)}</title>
<style>${libraryStyle}
${style}</style>
</head>
<body>
<h1>Load report${report.quick ? ' (quick)' : ''}</h1>
<p>${escaped(machineOf(report))}</p>
${report.flame === null ? '' : `<p>Measured under the profiler of V8, which slows every process down: <a href="${escaped(report.flame)}">flame graphs</a></p>`}
${report.failures.length > 0 ? list('failures', report.failures) : '<p class="fine">No request failed, and no answer was wrong.</p>'}
${outcomes.map(section).join('\n')}
<h2>Plots</h2>
<div id="plots"></div>
<script type="application/json" id="data">${asJson(plots)}</script>
<script>${library}</script>
<script>${script}</script>
</body>
</html>
`;
}

function machineOf({ at, machine, load }: Report): string {
  const { cpu, cores, memoryBytes, platform, node } = machine;
  const memory = `${Math.round(memoryBytes / 1e9)} GB`;
  return `${at} · ${cores} cores of ${cpu}, ${memory}, ${platform}, Node ${node} · load average ${load.toFixed(1)}`;
}

const section = (outcome: Outcome): string =>
  [
    ...[outcome, ...(outcome.more ?? [])].map(tableOf),
    outcome.notes === undefined ? '' : list('notes', outcome.notes),
  ].join('\n');

function tableOf({ title, columns, rows }: Table): string {
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    row
      .map((cell) => `<${tag}${cell === 'MISSED' ? ' class="missed"' : ''}>${escaped(cell)}</${tag}>`)
      .join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<h2>${escaped(title)}</h2>
<div class="scroll"><table><thead><tr>${cells(columns, 'th')}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}

const list = (kind: string, lines: readonly string[]): string =>
  `<ul class="${kind}">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (found) => entities[found] ?? found);

/** Escapes `<`: the same JSON text, in which a browser finds no end of the script. */
const asJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
