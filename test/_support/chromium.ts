// Chromium without a window, for what only a browser does.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test, { type ExecutionContext, type Implementation } from 'ava';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { browserMs, flags } from './chromium-flags.ts';
import { directoryFor } from './directory.ts';

/** Registers a test, or skips it where Chromium is not installed. */
export const testInBrowser = (title: string, run: Implementation<[]>): void => {
  if (isInstalled('chromium')) test(title, run);
  else test.skip(title, run);
};

/** The document at `url` as HTML, once the page has loaded. */
export async function domOf(t: ExecutionContext, url: string): Promise<string> {
  const profile = await directoryFor(t);
  const { stdout } = await promisify(execFile)(
    programAt('chromium') ?? '',
    [...flags, `--user-data-dir=${profile}`, '--dump-dom', url],
    { timeout: browserMs, killSignal: 'SIGKILL', maxBuffer: 64_000_000 },
  );
  return stdout;
}
