// The search page in Chromium, on a running system: what a person sees and does, also without a mouse, on a phone, in the dark,
// and while the host fails.

import test from 'ava';
import type { Page } from 'playwright-core';
import { browserMs } from '../_support/chromium.ts';
import { isInstalled } from '../_programs/catalog.ts';
import { barriersOf, closeBrowser, openPage, testPage } from '../_support/browser.ts';
import { northEvents, startHost, type Host } from './_host.ts';

const endings: (() => unknown)[] = [];
let host: Host;

test.before(async (t) => {
  t.timeout(2 * browserMs);
  if (isInstalled('chromium')) host = await startHost({ teardown: (end) => void endings.unshift(end) });
});
test.after.always(async () => {
  await closeBrowser();
  for (const end of endings) await end();
});

const items = (page: Page) => page.locator('#list li');
const settled = async (page: Page, summary: RegExp): Promise<void> => {
  await page.locator('#summary strong', { hasText: summary }).waitFor();
  await page.locator('#list[aria-busy="false"]').waitFor();
};

testPage('the page lists events by day, pages through them, and says how current they are', async (t) => {
  const { page, faults } = await openPage(host.system.url);
  await settled(page, /131 events/);
  t.is(await items(page).count(), 50);
  t.regex(await page.locator('.day').first().innerText(), /^Saturday,? 1 March 2031$/);
  t.regex(
    await items(page).first().innerText(),
    /20:00–21:30\s*Evening 0\s*north\s*12\.50–30\s*(10 places|Sold out)/,
  );
  t.regex(await page.locator('#freshness').innerText(), /^Catalogue \d+, confirmed \d+ s ago/);
  t.regex(await page.locator('#summary').innerText(), /found in [\d.]+ ms on the host/);
  await page.getByRole('button', { name: 'Show more events' }).click();
  await page.locator('#list li:nth-child(1)').nth(60).waitFor();
  await page.getByRole('button', { name: 'Show more events' }).click();
  await page.locator('#next').waitFor({ state: 'hidden' });
  t.is(await items(page).count(), northEvents + 1);
  t.deepEqual(await barriersOf(page), []);
  t.deepEqual(faults, []);
});

testPage('filters become the URL, and the URL becomes filters', async (t) => {
  const { page, faults } = await openPage(host.system.url);
  await page.getByLabel('Words in the title').fill('quiet');
  await settled(page, /^1 event$/);
  t.true(page.url().endsWith('/?q=quiet'), page.url());
  await page.getByLabel('From', { exact: true }).fill('2031-03-10');
  await page.getByLabel('From', { exact: true }).blur();
  await page.getByRole('heading', { name: 'No event matches' }).waitFor();
  t.deepEqual(await barriersOf(page), []);
  await page.getByRole('button', { name: 'Without “quiet”' }).click();
  await settled(page, /121 events/);
  t.true(page.url().endsWith('/?starts_at=2031-03-10'), page.url());
  await page.goBack();
  await page.goBack();
  await settled(page, /^1 event$/);
  t.is(await page.getByLabel('Words in the title').inputValue(), 'quiet');

  await page.goto(
    `${host.system.url}/?starts_at=2031-03-05&ends_at=2031-03-05&tz=America/New_York&provider=south`,
  );
  await settled(page, /^1 event$/);
  t.is(await page.getByLabel('Provider').inputValue(), 'south');
  // Text of a feed is text, whatever it looks like.
  t.regex(
    await items(page).innerText(),
    /12:00–13:00\s*South <b>Wind<\/b> & "Rain"\s*south · 18:00–19:00 in Madrid/,
  );
  t.is(
    await page.getByRole('link', { name: 'As /search URL' }).getAttribute('href'),
    '/search?starts_at=2031-03-05T05:00:00Z&ends_at=2031-03-06T04:59:59Z'.replaceAll(':', '%3A'),
  );
  t.regex(await page.locator('#as-search-note').innerText(), /dates only/);
  t.deepEqual(faults, []);
});

testPage('a bar narrows the dates to its month, and what is copied asks for the same events', async (t) => {
  const { page, faults } = await openPage(host.system.url, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await settled(page, /131 events/);
  await page.getByRole('button', { name: 'April 2031: 30 events' }).click();
  await settled(page, /30 events/);
  t.is(await page.getByLabel('From', { exact: true }).inputValue(), '2031-04-01');
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const curl = await page.evaluate<string>('navigator.clipboard.readText()');
  const path = /^curl '(http[^']+)'$/.exec(curl)?.[1] ?? '';
  const { data } = (await (await fetch(`${path}&page=1`)).json()) as { data: { total_rows: number } };
  t.is(data.total_rows, 30);
  t.deepEqual(faults, []);
});

testPage(
  'an event has a page of its own, with zones and history, that the keyboard opens and leaves',
  async (t) => {
    const { page, faults } = await openPage(`${host.system.url}/?q=quiet`);
    await settled(page, /^1 event$/);
    await page.getByLabel('Words in the title').focus();
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>('document.activeElement.textContent')) === 'A Quiet Comet') break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A Quiet Comet' }).waitFor();
    await page.getByText('First seen', { exact: true }).nth(1).waitFor();
    t.is(await page.evaluate<string>('document.activeElement.textContent'), 'A Quiet Comet');
    const text = await page.locator('#event-view').innerText();
    for (const part of ['8 March 2031, 20:00–21:30', '12.50', '30', 'in feed run'])
      t.true(text.includes(part), `${part}: ${text}`);
    t.deepEqual(await barriersOf(page), []);
    const link = page.url();
    const linked = page.locator('head script[type="application/ld+json"]');
    await linked.waitFor({ state: 'attached' });
    t.like(JSON.parse((await linked.textContent())!), { '@type': 'Event', name: 'A Quiet Comet' });
    t.is(await page.locator('head link[rel="alternate"][href$=".ics"]').count(), 1);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('#results-view').waitFor();
    t.is(await linked.count(), 0);
    t.is(await page.evaluate<string>('document.activeElement.textContent'), 'A Quiet Comet');
    await page.goto(link);
    await page.getByRole('heading', { name: 'A Quiet Comet' }).waitFor();
    await page.goto(link.replace(/event=[^&]+/, 'event=00000000-0000-5000-8000-000000000000'));
    await page.getByText('No event has this id.').waitFor();
    t.deepEqual(await barriersOf(page), []);
    // The browser itself reports the answer 404.
    t.deepEqual(
      faults.filter((fault) => !fault.includes('404')),
      [],
    );
  },
);

testPage('a slow, failing or refusing host is explained, and one click tries again', async (t) => {
  const { page } = await openPage('about:blank');
  const answers: (() => unknown)[] = [];
  await page.route(/\/events\?/, (route) => void answers.push(() => route.continue()));
  await page.goto(host.system.url);
  await page.getByText('This takes longer than usual…').waitFor();
  for (const answer of answers) await answer();
  await settled(page, /131 events/);

  await page.route(/\/events\?/, (route) => route.abort());
  await page.getByLabel('Words in the title').fill('evening');
  await page.getByText('The host does not answer.').waitFor();
  t.deepEqual(await barriersOf(page), []);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await settled(page, /129 events/);

  await page.goto(`${host.system.url}/?starts_at=yesterday`);
  await page.getByRole('heading', { name: 'This search cannot be read' }).waitFor();
  await page.getByText('Got "yesterday"').waitFor();
});

testPage('a host that needs a key takes it from the page, for this tab', async (t) => {
  const { page } = await openPage('about:blank');
  const keys: (string | undefined)[] = [];
  await page.route(/\/events[?/]/, (route) => {
    const key = route.request().headers()['authorization'];
    keys.push(key);
    const body = { data: null, error: { code: 'credential_missing', message: 'Got no credential.' } };
    return key === 'Bearer let-me' ? route.continue() : route.fulfill({ status: 401, json: body });
  });
  await page.goto(host.system.url);
  await page.getByLabel('Key or token').fill('let-me');
  t.deepEqual(await barriersOf(page), []);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await settled(page, /131 events/);
  t.is(keys[0], undefined);
  t.is(await page.evaluate('localStorage.length'), 0);
});

testPage('on a phone and in the dark nothing is cut off, and contrast holds', async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults } = await openPage(host.system.url, {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    await settled(page, /131 events/);
    await page.getByText('More filters').click();
    if (colorScheme === 'dark') t.deepEqual(await barriersOf(page), []);
    // Neither the page nor a field is wider than what contains it.
    t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    t.true(await page.evaluate('document.forms[0].scrollWidth <= document.forms[0].clientWidth'));
    t.deepEqual(faults, []);
  }
});
