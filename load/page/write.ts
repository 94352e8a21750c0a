// Writes the report of a run: JSON for programs, HTML for people.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportOf, type Run } from '../kit/report.ts';
import { pageOf } from './page.ts';

const reports = fileURLToPath(new URL('../reports/', import.meta.url));

/** Writes `load/reports/INSTANT.json` and `.html` and returns their paths. */
export async function writeReport(run: Run, now: Date): Promise<{ json: string; html: string }> {
  const report = reportOf(run, now);
  await mkdir(reports, { recursive: true });
  const path = join(reports, now.toISOString().slice(0, 19).replaceAll(':', '-'));
  const [json, html] = [`${path}.json`, `${path}.html`];
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(html, await pageOf(report, [...run.outcomes.values()]));
  return { json, html };
}
