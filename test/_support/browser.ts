// Chromium as a person uses it: clicks, keys, small windows, dark themes; and axe-core, which finds what keeps people out.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { programAt } from '../_programs/catalog.ts';
import { browserMs, flags } from './chromium-flags.ts';

let opening: Promise<Browser> | null = null;

/** One browser for all tests of a file. */
const browser = (): Promise<Browser> =>
  (opening ??= chromium.launch({
    executablePath: programAt('chromium') ?? '',
    args: flags,
    timeout: browserMs,
  }));

/** For the end of the file. */
export async function closeBrowser(): Promise<void> {
  await (await opening)?.close();
}

/** What the page reported as faults: exceptions, refusals of its security policy, failed requests of files. */
export type Faults = string[];

/** A window of its own, without cookies or storage of others. */
export async function openPage(
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: Faults }> {
  const context = await (
    await browser()
  ).newContext({
    viewport: { width: 1200, height: 900 },
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  // Longer than a page waits for an answer: then it says so itself, and the test sees what it says.
  page.setDefaultTimeout(browserMs / 2);
  const faults: Faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The serious and critical findings of axe-core for what the page shows now. Of events in a list, the first ones are checked. */
export async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  const found = await page.evaluate<Violation[]>(
    "axe.run({ exclude: ['.events li:nth-child(n+4)'] }, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`)
          .join('; ')
          .slice(0, 500)}`,
    );
}
