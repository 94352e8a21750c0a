// `npm run screenshots`: writes the pictures of the pages that README and the guides show.

import { mkdir, writeFile } from 'node:fs/promises';
import { runCommand } from '#/kit/command-line/command.ts';
import { closeBrowser, openPage } from '../_support/browser.ts';
import { until } from '../system/_system.ts';
import { northFeed, startHost } from './_host.ts';
import { pictureSources, picturesDirectory, sourcesFile } from './_sources.ts';

const help = `Usage: npm run screenshots [-- --help | --version]

Writes pictures of the search page and of the console to ${picturesDirectory}: starts a system with events of its own, and
Chromium, which must be installed. Run it after a change of a page: a test compares the pages with those of the pictures.
`;

type Options = Parameters<typeof openPage>[1];
const light: Options = { viewport: { width: 1000, height: 720 } };
const dark: Options = { ...light, colorScheme: 'dark' };
/** A title and prices differ, but fewer than are held. */
const changed = northFeed()
  .replace('A Quiet Comet', 'A Loud Comet')
  .replace('12.50', '14.00')
  .replace('12.50', '14.00');
const phone: Options = { viewport: { width: 390, height: 720 }, colorScheme: 'dark' };

async function takeAll(): Promise<number> {
  const endings: (() => unknown)[] = [];
  try {
    const { system, simulator } = await startHost({ teardown: (end) => void endings.unshift(end) });
    await mkdir(picturesDirectory, { recursive: true });
    /** `clicked`: a button that opens a dialog first. */
    const take = async (
      name: string,
      url: string,
      awaited: string,
      options: Options,
      clicked: string | null = null,
    ): Promise<void> => {
      const { page } = await openPage(url, options);
      await page.locator(awaited).first().waitFor();
      if (clicked !== null) {
        await page.getByRole('button', { name: clicked }).click();
        await page.getByRole('dialog').waitFor();
      }
      await page.screenshot({ path: `${picturesDirectory}${name}.png` });
    };
    const [found, shown] = ['#summary strong', '#view table'];
    await take('search', system.url, found, light);
    await take('search-dark', system.url, found, dark);
    await take('search-phone', `${system.url}/?q=evening`, found, phone);
    await take('console', system.adminUrl, shown, light);
    await take('console-dark', system.adminUrl, shown, dark);
    await take('console-phone', `${system.adminUrl}/?view=providers`, shown, phone);
    await take('console-provider', `${system.adminUrl}/?view=providers&name=south`, shown, light);
    const refused = 'view=explain&provider=south&base=900&plan=2';
    await take('console-explain', `${system.adminUrl}/?${refused}`, '#view pre', light);
    const [id] = /[0-9a-f-]{36}/.exec(await system.search()) ?? [];
    await take('console-explorer', `${system.adminUrl}/?view=explorer&id=${id}`, shown, dark);
    const before = (await system.status()).version;
    simulator.setRaw('north', changed);
    await until('the changes are served', async () => (await system.search()).includes('A Loud Comet'));
    const { version } = await system.status();
    const versions = `${system.adminUrl}/?view=versions`;
    await take('console-versions', `${versions}&from=${before}&to=${version}`, '#view ins', light);
    await take('console-dialog', versions, shown, dark, `Pin ${before}`);
    // Last: what has failed before leaves the pictures out of date.
    await writeFile(sourcesFile, `${JSON.stringify(await pictureSources(), null, 2)}\n`);
    return 0;
  } finally {
    await closeBrowser();
    for (const end of endings) await end();
  }
}

if (import.meta.main)
  process.exitCode = await runCommand(process.argv.slice(2), { help, options: {} }, takeAll);
