// Chromium as a person uses it: clicks, keys, small windows, dark themes; and axe-core, which finds what keeps people out.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page, type Route } from 'playwright-core';
import { programAt } from '../_programs/catalog.ts';
import { browserMs, flags } from './chromium-flags.ts';

/** One browser and one window for all tests of a file: a window of its own costs each test ten times what a page does. */
let opening: Promise<{ browser: Browser; page: Page }> | null = null;

async function open(): Promise<{ browser: Browser; page: Page }> {
  const executablePath = programAt('chromium') ?? '';
  const browser = await chromium.launch({ executablePath, args: flags, timeout: browserMs });
  const context = await browser.newContext({ timezoneId: 'Europe/Madrid' });
  const page = await context.newPage();
  // Longer than a page waits for an answer: then it says so itself, and the test sees what it says.
  page.setDefaultTimeout(browserMs / 2);
  return { browser, page };
}

/** For the end of the file. */
export async function closeBrowser(): Promise<void> {
  await (await opening)?.browser.close();
}

/** What the page reported as faults: exceptions, refusals of its security policy, failed requests of files. */
export type Faults = string[];

export interface WindowOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly permissions?: readonly string[];
  /** How the page's requests are answered, from the first on. */
  readonly route?: readonly [RegExp, (route: Route) => unknown];
}

/** The page at `url` in the one window, which keeps nothing of an earlier page but its history. */
export async function openPage(
  url: string,
  {
    viewport = { width: 1200, height: 900 },
    colorScheme = 'light',
    permissions = [],
    route,
  }: WindowOptions = {},
): Promise<{ page: Page; faults: Faults }> {
  const { page } = await (opening ??= open());
  const context = page.context();
  if (page.url() !== 'about:blank') await page.evaluate('sessionStorage.clear(); localStorage.clear()');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await context.clearCookies();
  await context.clearPermissions();
  await context.grantPermissions([...permissions]);
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  if (route !== undefined) await page.route(...route);
  const faults: Faults = [];
  page.removeAllListeners();
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

/** All but the first rows of lists and tables. */
const laterRows = ['.events li:nth-child(n+4)', 'tbody tr:nth-child(n+21)'];

/**
 * The serious and critical findings of axe-core for what the page shows now; `whole`: in all rows of its lists and tables;
 * `within`: a selector of the part to look at.
 */
export async function barriersOf(page: Page, whole: boolean, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(await axe);
  const found = await page.evaluate<Violation[]>(
    `axe.run(${JSON.stringify({ include: within, exclude: whole ? [] : laterRows })}, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
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
