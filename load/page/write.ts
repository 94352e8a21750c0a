// Writes the report of a run: JSON for programs, HTML for people.

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportOf, type Run } from '../kit/report.ts';
import type { Profiles } from '../profile/profiles.ts';
import { pageOf } from './page.ts';

const reports = fileURLToPath(new URL('../reports/', import.meta.url));

/** The directory of the reports. */
export async function reportsDirectory(): Promise<string> {
  await mkdir(reports, { recursive: true });
  return reports;
}

/** Writes `load/reports/INSTANT.json` and `.html` and returns their paths. `profiles`: those of a run with `--profile`. */
export async function writeReport(
  run: Omit<Run, 'flame'>,
  now: Date,
  profiles: Profiles | null,
): Promise<{ json: string; html: string; flame: string | null }> {
  const path = join(await reportsDirectory(), now.toISOString().slice(0, 19).replaceAll(':', '-'));
  const flame = (await profiles?.write(path, now.toISOString())) ?? null;
  const report = reportOf({ ...run, flame: flame === null ? null : basename(flame) }, now);
  const [json, html] = [`${path}.json`, `${path}.html`];
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(html, await pageOf(report, [...run.outcomes.values()]));
  return { json, html, flame };
}
