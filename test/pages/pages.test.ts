// The search page and the console in Chromium, on one running system: what a person sees and does, also without a mouse, on a
// phone, in the dark, and while the host fails. The tests of the console come last, as they change what is served.

import test, { type ExecutionContext, type Implementation } from 'ava';
import type { Page, Route } from 'playwright-core';
import { createAuthenticator } from '#/access/authenticator.ts';
import { hashOf, newKey } from '#/access/key.ts';
import type { Action } from '#/http/access/action.ts';
import { withAdminGuard } from '#/http/access/admin-guard.ts';
import { createAdminServer } from '#/http/admin.ts';
import { adminContract } from '#/http/admin/contract/document.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { browserMs } from '../_support/chromium-flags.ts';
import { isInstalled } from '../_programs/catalog.ts';
import { barriersOf, closeBrowser, openPage } from '../_support/browser.ts';
import { clientOf } from '../_support/api.ts';
import { comparisonWith } from '../_support/contract.ts';
import { isLong } from '../_support/long.ts';
import { until } from '../system/_system.ts';
import { northEvents, northFeed, startHost, type Host } from './_host.ts';

/** Registers a serial test, or skips it where Chromium is not installed. */
const testPage = (title: string, run: Implementation<[]>): void => {
  if (isInstalled('chromium')) test.serial(title, run);
  else test.serial.skip(title, run);
};

const endings: (() => unknown)[] = [];
let host: Host;

test.before(async (t) => {
  t.timeout(2 * browserMs);
  host = await startHost({ teardown: (end) => void endings.unshift(end) });
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
  t.deepEqual(await barriersOf(page, isLong), []);
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
  t.deepEqual(await barriersOf(page, isLong), []);
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

  // Without Temporal the form is complete only after the first paint, and here no frame is painted. What is entered before counts.
  const oldBrowser = await page.addInitScript(
    'delete globalThis.Temporal; globalThis.requestAnimationFrame = () => 0;',
  );
  t.teardown(() => oldBrowser.dispose());
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(`${host.system.url}/?provider=north`);
  t.is(await page.getByLabel('From', { exact: true }).getAttribute('type'), null);
  await page.getByLabel('Words in the title').fill('quiet');
  await settled(page, /^1 event$/);
  t.true(page.url().endsWith('/?provider=north&q=quiet'), page.url());
  // A worker answers one request after the other: the list does not wait for its counts.
  const ofEvents = requested.filter((path) => path.startsWith('/events'));
  t.deepEqual(ofEvents.slice(0, 2), ['/events', '/events/histogram']);
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

  const subscription = page.getByRole('link', { name: 'Subscribe in a calendar' });
  const address = (await subscription.getAttribute('href'))!;
  t.regex(address, /^webcal:\/\/.*\/events\.ics\?/);
  const calendar = await (await fetch(address.replace('webcal', 'http'))).text();
  t.is(calendar.split('BEGIN:VEVENT').length - 1, 30);
  t.is(await page.locator('#subscribe-note').innerText(), '');
  await page.getByLabel('Dates').selectOption('upcoming');
  await page.locator('#subscribe-note', { hasText: 'keeps these dates' }).waitFor();
  t.deepEqual(faults, []);
});

/** On a busy host the archive may not be open in time, which is 503: then a person tries again. */
async function historyShown(page: Page): Promise<void> {
  const oldest = page.getByText('First seen', { exact: true }).nth(1);
  const retry = page.getByRole('button', { name: 'Try again' });
  await oldest.or(retry).first().waitFor();
  if (await retry.isVisible()) await retry.click();
  await oldest.waitFor();
}

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
    await historyShown(page);
    t.is(await page.evaluate<string>('document.activeElement.textContent'), 'A Quiet Comet');
    const text = await page.locator('#event-view').innerText();
    for (const part of ['8 March 2031, 20:00–21:30', '12.50', '30', 'in feed run'])
      t.true(text.includes(part), `${part}: ${text}`);
    t.deepEqual(await barriersOf(page, isLong), []);
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
    t.deepEqual(await barriersOf(page, isLong), []);
    // The browser itself reports the answers 404, and 503 of a busy host.
    t.deepEqual(
      faults.filter((fault) => !/404|503/.test(fault)),
      [],
    );
  },
);

testPage('a slow, failing or refusing host is explained, and one click tries again', async (t) => {
  const answers: (() => unknown)[] = [];
  const { page } = await openPage(host.system.url, {
    route: [/\/events\?/, (route) => void answers.push(() => route.continue())],
  });
  await page.getByText('This takes longer than usual…').waitFor();
  for (const answer of answers) await answer();
  await settled(page, /131 events/);

  await page.route(/\/events\?/, (route) => route.abort());
  await page.getByLabel('Words in the title').fill('evening');
  await page.getByText('The host does not answer.').waitFor();
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await settled(page, /129 events/);

  await page.goto(`${host.system.url}/?starts_at=yesterday`);
  await page.getByRole('heading', { name: 'This search cannot be read' }).waitFor();
  await page.getByText('Got "yesterday"').waitFor();
});

testPage('a host that needs a key takes it from the page, for this tab', async (t) => {
  const keys: (string | undefined)[] = [];
  const guarded = (route: Route): Promise<void> => {
    const key = route.request().headers()['x-api-key'];
    keys.push(key);
    const body = { data: null, error: { code: 'credential_missing', message: 'Got no credential.' } };
    return key === 'let-me' ? route.continue() : route.fulfill({ status: 401, json: body });
  };
  const { page } = await openPage(host.system.url, { route: [/\/events[?/]/, guarded] });
  await page.getByLabel('Key or token').fill('let-me');
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await settled(page, /131 events/);
  t.is(keys[0], undefined);
  // A calendar program has no key to send.
  t.false(await page.getByRole('link', { name: 'Subscribe in a calendar' }).isVisible());
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
    if (colorScheme === 'dark') t.deepEqual(await barriersOf(page, isLong), []);
    // Neither the page nor a field is wider than what contains it.
    t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    t.true(await page.evaluate('document.forms[0].scrollWidth <= document.forms[0].clientWidth'));
    t.deepEqual(faults, []);
  }
});

/** The classes of elements whose changes take time. */
const moving = `[...document.querySelectorAll('body *')].filter((one) => {
  const { transitionDuration, animationName } = getComputedStyle(one);
  return /[1-9]/.test(transitionDuration) || animationName !== 'none';
}).map((one) => one.className)`;

testPage('the documentation page opens operations, sends requests, and keeps nobody out', async (t) => {
  t.timeout(2 * browserMs);
  const { page, faults } = await openPage(`${host.system.url}/docs`);
  const operations = page.locator('.opblock');
  await operations.last().waitFor();
  const text = await page.locator('.info').innerText();
  for (const part of ['Time zones', 'Containment', 'Paging', 'parameter_repeated'])
    t.true(text.includes(part), part);
  t.deepEqual(await barriersOf(page, isLong), []);
  t.deepEqual(await page.evaluate(moving), [], 'Nothing moves where no motion is asked for.');

  const open = page.locator('.opblock.is-open');
  const count = page.getByRole('button', { name: /^GET .*Counts events/ });
  // All of them at once would take a browser seconds.
  t.is(await open.count(), 0);
  await count.focus();
  await page.keyboard.press('Enter');
  await open.getByRole('combobox', { name: 'interval' }).selectOption('month');
  await open.getByRole('button', { name: 'Execute' }).click();
  await open.getByText('Server response').waitFor();
  t.regex(await open.locator('.live-responses-table').innerText(), /^200\s[^]*"data"/m);
  t.deepEqual(await barriersOf(page, true, '.opblock.is-open'), []);
  await count.click();

  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.getByRole('textbox').first().fill('a key');
  await page.getByRole('button', { name: 'Authorize' }).nth(1).click();
  t.deepEqual(await barriersOf(page, true, '.dialog-ux'), []);
  await page.getByRole('button', { name: 'Close' }).first().click();

  for (const operation of isLong ? await operations.all() : []) {
    await operation.locator('.opblock-summary-control').click();
    for (const tab of await operation.getByRole('tab', { name: 'Schema' }).all()) await tab.click();
    // An open schema shows those in it, which are closed.
    const schemas = '.json-schema-2020-12-accordion[aria-expanded="false"]';
    for (let levels = 0; levels < 2; levels++)
      await page.evaluate(`for (const one of document.querySelectorAll('${schemas}')) one.click()`);
    t.deepEqual(await barriersOf(page, true, '.opblock.is-open'), []);
    await operation.locator('.opblock-summary-control').click();
  }
  t.deepEqual(faults, []);
});

/** Clicks a button that asks, and confirms. */
async function act(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

const admin = comparisonWith(adminContract());

/** The answer of the admin port, after it was compared with the contract. */
async function asked<Body>(t: ExecutionContext, path: string, method = 'GET', status = 200): Promise<Body> {
  const answer = await fetch(host.system.adminUrl + path, { method });
  const body = await answer.text();
  t.is(answer.status, status, `${method} ${path}: ${body.slice(0, 300)}`);
  t.deepEqual(
    admin.faultsOf({ method, path, status, headers: answer.headers, body }),
    [],
    `${method} ${path}`,
  );
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true && body !== '';
  return (isJson ? JSON.parse(body) : body) as Body;
}

interface Actions {
  readonly actions: readonly { method: string; path: string; status: number; by: string; from: string }[];
}
const lastAction = async (t: ExecutionContext): Promise<string> => {
  const { actions } = await asked<Actions>(t, '/actions?limit=1');
  return actions
    .map(({ method, path, status, by, from }) => `${method} ${path} ${status} ${by} ${from}`)
    .join();
};
const actionsOf = async (t: ExecutionContext): Promise<number> =>
  (await asked<Actions>(t, '/actions?limit=200')).actions.length;

type Providers = Readonly<
  Record<string, { readonly held: object | null; readonly lastRun: { readonly id: number } | null }>
>;

testPage('the console shows processes, providers and quarantine with line and column', async (t) => {
  const { page, faults } = await openPage(host.system.adminUrl);
  await page.getByText('Nothing needs an operator.').waitFor();
  t.regex(await page.locator('#view').innerText(), /API worker 0[\s\S]*Ingest/);
  // It is a request of its own.
  const state = /^running, ready, version \d+$/;
  await page.locator('#state', { hasText: state }).waitFor();
  t.regex(await page.locator('#state').innerText(), state);
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.getByRole('link', { name: 'Providers' }).click();
  await page.getByRole('link', { name: 'south' }).click();
  await page.getByRole('heading', { name: 'Quarantine' }).waitFor();
  t.regex(
    await page.getByRole('region', { name: 'Quarantine' }).innerText(),
    /date_impossible\s+line \d+, column \d+\s+900\s+2/,
  );
  await page.getByRole('link', { name: 'date_impossible' }).click();
  await page.locator('a[aria-current="true"]', { hasText: 'date_impossible' }).waitFor();
  t.true(page.url().endsWith('?view=providers&name=south&code=date_impossible'));
  t.deepEqual(await barriersOf(page, isLong), []);

  const place = page.getByRole('region', { name: 'Quarantine' }).getByRole('button', { name: /^line/ });
  await place.click();
  const excerpt = page.getByRole('region', { name: /^Excerpt at line \d+, column \d+$/ });
  t.regex(await excerpt.innerText(), /│ .*2031-02-30T18:00:00.*\n +\^/);
  t.is(
    await page.evaluate<string>('document.activeElement.ariaLabel'),
    (await excerpt.getAttribute('aria-label'))!,
  );
  t.deepEqual(await barriersOf(page, isLong), []);
  await place.click();
  await excerpt.waitFor({ state: 'detached' });
  await page
    .getByRole('region', { name: /^Findings of run/ })
    .getByRole('button', { name: /^line/ })
    .click();
  await excerpt.waitFor();
  t.deepEqual(faults, []);
});

testPage('the console says why an event is not found', async (t) => {
  const { page, faults } = await openPage(host.system.adminUrl);
  await page.getByRole('link', { name: 'Why not found?' }).click();
  await page.getByLabel('Or provider').fill('south');
  await page.getByLabel('Base', { exact: true }).fill('900');
  await page.getByLabel('Plan', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByRole('heading', { name: 'Its part of the feed was refused' }).waitFor();
  t.true(page.url().endsWith('/?view=explain&provider=south&base=900&plan=2'), page.url());
  t.regex(await page.locator('pre').innerText(), /2031-02-30T18:00:00.*\n +\^/);
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.getByRole('region', { name: 'Refused parts of the feed' }).getByRole('link').first().click();
  await page
    .locator('details[open] summary', { hasText: /^Run \d+: incomplete|^Run \d+: absorbed/ })
    .waitFor();
  await page.goBack();
  await page.getByLabel('Plan', { exact: true }).fill('1');
  await page.getByLabel('Search to').fill('2031-03-05T17:59:59Z');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByRole('heading', { name: 'It is outside of the range' }).waitFor();
  t.regex(
    await page.getByRole('region', { name: 'Bounds that exclude it' }).innerText(),
    /ends_at\s+2031-03-05T17:59:59Z\s+2031-03-05T18:00:00Z\s+2031-03-05 18:59:59\s+2031-03-05 19:00:00\s+1 s/,
  );
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.getByLabel('Search to').fill('2031-03-06');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByRole('heading', { name: 'It is found' }).waitFor();
  await page.getByLabel('Plan', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByRole('alert').getByText('Got neither id nor all of provider, base and plan').waitFor();
  t.is(await page.getByLabel('Base', { exact: true }).inputValue(), '900');
  // The browser itself reports the answer 400.
  t.deepEqual(
    faults.filter((fault) => !fault.includes('400')),
    [],
  );
});

testPage(
  'changed prices that are held are approved by a click that asks first, and then are no longer shown',
  async (t) => {
    t.timeout(2 * browserMs);
    const isHeld = async (): Promise<boolean> =>
      (await asked<Providers>(t, '/providers'))['north']?.held !== null;
    host.simulator.setRaw('north', northFeed().replaceAll('12.50', '1250.00').replaceAll('30.00', '3000.00'));
    await until('changes are held', isHeld);
    const { page, faults } = await openPage(host.system.adminUrl);
    await page.getByRole('link', { name: 'Decide' }).click();
    const panel = page.locator('.card', { has: page.getByRole('heading', { name: '130 changes are held' }) });
    await panel.waitFor();
    t.regex(
      await panel.innerText(),
      /130 of 130 records have other prices \(100 %\), most often × 100, expected at most 50 %\. Run \d+/,
    );
    t.deepEqual(await barriersOf(page, isLong), []);
    const before = await lastAction(t);
    await page.getByRole('button', { name: 'Approve the changes' }).click();
    await page.getByRole('dialog').getByText('Change 130 events of north?').waitFor();
    await page.getByRole('dialog').getByText('The next run may then change these values.').waitFor();
    t.deepEqual(await barriersOf(page, isLong), []);
    await page.keyboard.press('Escape');
    t.is(await lastAction(t), before);
    t.true(await isHeld());
    await page.goto(`${host.system.adminUrl}/?view=explain&provider=north&base=none&plan=1`);
    await page.getByRole('heading', { name: 'It is not known here' }).waitFor();
    await page
      .getByText(/^The feed that run \d+ of north read at .* is held, and may have it\. 130 of/)
      .waitFor();
    t.deepEqual(await barriersOf(page, isLong), []);
    await page.getByRole('link', { name: /^run \d+ of north holds 130 records$/ }).click();
    await act(page, 'Approve the changes');
    await page.getByText('The changes of north are approved.').waitFor();
    t.is(await lastAction(t), 'POST /providers/north/approve 200 no credential 127.0.0.1');
    await until('they are applied', async () => !(await isHeld()));
    await until('they are served', async () => (await host.system.search()).includes('"min_price":1250'));
    await page.reload();
    await page.getByRole('heading', { name: 'north' }).waitFor();
    t.is(await panel.count(), 0);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Nothing needs an operator.').waitFor();
    t.deepEqual(faults, []);
  },
);

testPage('held withdrawals are approved by a click that asks first, and that is recorded', async (t) => {
  t.timeout(2 * browserMs);
  host.simulator.setRaw('north', northFeed(20));
  await until(
    'withdrawals are held',
    async () => (await asked<Providers>(t, '/providers'))['north']?.held !== null,
  );
  const { page, faults } = await openPage(host.system.adminUrl);
  await page.getByText('The changes of 110 events of north are held.').waitFor();
  await page.route(/\/held\?/, (route) => route.abort());
  await page.getByRole('link', { name: 'Decide' }).click();
  await page.getByRole('alert').getByText('The host does not answer.').waitFor();
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  const waiting = page.getByRole('region', { name: 'Events that the approval withdraws' });
  await waiting.waitFor();
  t.is(await waiting.locator('tbody tr').count(), 50);
  t.regex(
    await waiting.locator('tbody tr').first().innerText(),
    /Evening 20\s+2031-03-21 20:00:00\s+20\s+20\s+yes/,
  );
  const more = page.getByRole('button', { name: 'Show more withdrawals' });
  await more.click();
  await waiting.locator('tbody tr').nth(99).waitFor();
  await more.click();
  await more.waitFor({ state: 'detached' });
  t.is(await waiting.locator('tbody tr').count(), 110);
  const before = await actionsOf(t);
  await page.getByRole('button', { name: 'Approve the withdrawals' }).click();
  await page.getByRole('dialog').getByText('The events stay searchable').waitFor();
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.keyboard.press('Escape');
  t.is(await actionsOf(t), before);
  await act(page, 'Approve the withdrawals');
  await page.getByText('The withdrawals of north are approved.').waitFor();
  t.is(await lastAction(t), 'POST /providers/north/approve 200 no credential 127.0.0.1');
  await until(
    'they are applied',
    async () => (await asked<Providers>(t, '/providers'))['north']?.held === null,
  );
  // The browser itself reports the request that was cut.
  t.deepEqual(
    faults.filter((fault) => !fault.includes('net::ERR_FAILED')),
    [],
  );
});

testPage('versions are compared, pinned and unpinned by clicks', async (t) => {
  await until('the withdrawals are served', async () => {
    const events = await (await fetch(`${host.system.url}/events?fields=listed&limit=200`)).text();
    return events.split('"listed":false').length - 1 === northEvents - 20;
  });
  const before = (await host.system.status()).version;
  host.simulator.setRaw('north', northFeed(20).replace('A Quiet Comet', 'A Loud Comet'));
  await until('the new title is served', async () => (await host.system.search()).includes('A Loud Comet'));
  const { page, faults } = await openPage(`${host.system.adminUrl}/?view=versions`);
  await page.getByLabel('From version').fill(String(before));
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('0 added, 1 changed, 0 removed').waitFor();
  t.regex(
    await page.getByRole('region', { name: 'Changed' }).innerText(),
    /A Loud Comet\s+title\s+A Quiet Comet\s+A Loud Comet/,
  );
  t.deepEqual(await barriersOf(page, isLong), []);
  await act(page, `Pin ${before}`);
  await page.getByText(`Version ${before} is pinned: every host serves it`).waitFor();
  await until('it is served', async () => (await host.system.search()).includes('A Quiet Comet'));
  await act(page, 'Unpin');
  await page.getByText('No version is pinned: every host serves the newest.').waitFor();
  await until('the newest is served', async () => (await host.system.search()).includes('A Loud Comet'));
  await page.getByRole('link', { name: 'Actions' }).click();
  t.regex(
    await page.getByRole('region', { name: 'Actions' }).innerText(),
    /DELETE \/snapshots\/pin\s+200[\s\S]*POST \/snapshots\/\d+\/pin\s+200[\s\S]*POST \/providers\/north\/approve/,
  );
  t.deepEqual(await barriersOf(page, isLong), []);
  t.deepEqual(faults, []);
});

testPage('differences come in pages, and an event is followed across all versions', async (t) => {
  await fetch(`${host.system.url}/search?starts_at=2031-03-08&ends_at=2031-03-08`);
  const { snapshots } = await asked<{ snapshots: { version: number; events: number }[] }>(t, '/snapshots');
  const newest = snapshots[0]!.version;
  const oldest = snapshots.findLast(({ events }) => events === northEvents + 1)!.version;
  const { page, faults } = await openPage(
    `${host.system.adminUrl}/?view=versions&from=${oldest}&to=${newest}`,
  );
  await page.getByText(/ 1\d\d changed, 0 removed/).waitFor();
  const changed = page.getByRole('region', { name: 'Changed' });
  const more = page.getByRole('button', { name: 'Show more differences' });
  const before = await changed.locator('tbody tr').count();
  await more.click();
  await changed.locator('tbody tr').nth(before).waitFor();
  await more.click();
  await more.waitFor({ state: 'detached' });
  t.true((await changed.locator('tbody tr').count()) >= northEvents - 20);
  t.deepEqual(await barriersOf(page, isLong), []);

  await changed.getByRole('link', { name: 'A Loud Comet' }).click();
  await page.locator('.changes li').first().waitFor();
  t.regex(
    await page.locator('.changes li').first().innerText(),
    /^Changed .* in run \d+, published in version \d+[\s\S]*title\s+A Quiet Comet\s+A Loud Comet/,
  );
  t.regex(await page.getByRole('region', { name: 'Providers of the version' }).innerText(), /north\s.*KB/);
  t.is(await page.getByRole('region', { name: 'Segments' }).locator('tbody tr').count(), 1);
  t.regex(await page.getByRole('region', { name: 'Days' }).innerText(), /2031-03-08\s+[1-9]/);
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.getByRole('link', { name: 'Why is it not found?' }).click();
  await page.getByRole('heading', { name: 'It is found' }).waitFor();
  t.deepEqual(faults, []);
  await page.goto(
    `${host.system.adminUrl}/?view=explorer&version=999999&id=00000000-0000-5000-8000-000000000000`,
  );
  await page.getByRole('alert').getByText('This archive has no event').waitFor();
  await page.getByRole('alert').getByText('Got version 999999').waitFor();
});

testPage('a provider runs now after a click that asks first', async (t) => {
  const lastRun = async (): Promise<number> =>
    (await asked<Providers>(t, '/providers'))['south']?.lastRun?.id ?? 0;
  const before = await lastRun();
  const { page, faults } = await openPage(`${host.system.adminUrl}/?view=providers&name=south`);
  await page.getByRole('button', { name: 'Run this provider now' }).click();
  await page.getByRole('dialog').getByText('whatever its schedule says').waitFor();
  t.deepEqual(await barriersOf(page, isLong), []);
  await page.keyboard.press('Escape');
  t.is(await lastRun(), before);
  await act(page, 'Run this provider now');
  await page.getByText('A run of south is due now.').waitFor();
  await until('it has run', async () => (await lastRun()) > before);
  t.is(await lastAction(t), 'POST /providers/south/run 202 no credential 127.0.0.1');
  t.deepEqual(faults, []);
});

testPage('on a phone and in the dark no view of the console is cut off, and contrast holds', async (t) => {
  t.timeout(2 * browserMs);
  for (const colorScheme of ['light', 'dark'] as const) {
    const options = { viewport: { width: 360, height: 740 }, colorScheme };
    const { page, faults } = await openPage(host.system.adminUrl, options);
    for (const name of ['Overview', 'Providers', 'Why not found?', 'Versions', 'Explorer', 'Actions']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.locator('nav a[aria-current="page"]', { hasText: name }).waitFor();
      await page.locator('#view[aria-busy="false"] h2').first().waitFor();
      t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), name);
      if (colorScheme === 'dark') t.deepEqual(await barriersOf(page, isLong), [], name);
    }
    await page.goto(`${host.system.adminUrl}/?view=explain&provider=south&base=900&plan=2`);
    await page.locator('pre').waitFor();
    t.true(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    if (colorScheme === 'dark') t.deepEqual(await barriersOf(page, isLong), []);
    t.deepEqual(faults, []);
  }
});

testPage('without a mouse the console is used by Tab, Enter and Escape', async (t) => {
  const { page } = await openPage(host.system.adminUrl);
  await page.getByRole('heading', { name: 'Processes' }).waitFor();
  const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
  const tabTo = async (text: string): Promise<void> => {
    for (let i = 0; i < 40 && (await focused()) !== text; i++) await page.keyboard.press('Tab');
    t.is(await focused(), text);
  };
  await page.keyboard.press('Tab');
  t.is(await focused(), 'Skip to the content');
  await tabTo('Versions');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Compare two versions' }).waitFor();
  await tabTo('Compare');
  await page.goto(`${host.system.adminUrl}/?view=explain`);
  await page.getByLabel('Or provider').focus();
  for (const text of ['south', '900', '2']) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Its part of the feed was refused' }).waitFor();
  await page.goto(host.system.adminUrl);
  await tabTo('Reload the configuration');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  t.is(await focused(), 'Cancel');
  await page.keyboard.press('Escape');
  t.false(await page.getByRole('dialog').isVisible());
});

testPage(
  'an admin port that needs a key takes it from the console, for this tab, and records its name',
  async (t) => {
    const [token, searcher] = ['a-secret of admins!', newKey()];
    const actions: Action[] = [];
    const status = await asked<object>(t, '/status');
    const deps: Partial<AdminDeps> = {
      status: () => status,
      reload: () => Promise.resolve({ kind: 'reloaded', workers: 1, tookMs: 1 }),
      actions: () => Promise.resolve(actions),
    };
    const keys = [
      {
        name: 'shop',
        hash: hashOf(searcher),
        scopes: ['search:read'] as const,
        expiresAt: null,
        limit: null,
      },
    ];
    const rules = { keys, issuer: null, adminTokenHash: hashOf(token) };
    const guard = {
      authenticator: createAuthenticator(rules, null, Date.now),
      isOpen: () => false,
      acted: (action: Action) => void actions.push(action),
    };
    const { url } = await clientOf(
      t,
      createAdminServer(deps as AdminDeps, (listener) => withAdminGuard(guard, listener)),
    );
    const { page } = await openPage(url);
    const enter = async (key: string): Promise<void> => {
      await page.getByLabel('Key or token').fill(key);
      await page.getByRole('button', { name: 'Use this key' }).click();
    };
    await page.getByRole('heading', { name: 'This console needs a key' }).waitFor();
    await page.getByText('Got no credential').waitFor();
    t.deepEqual(await barriersOf(page, isLong), []);
    await enter('wrong');
    await page.getByText('Got a credential that is not valid').waitFor();
    await enter('kein Schlüssel →');
    await page.getByText('Got characters that are not in any key').waitFor();
    await enter(searcher);
    await page.getByText('Got a credential without the scope admin').waitFor();
    await enter(token);
    await page.getByRole('heading', { name: 'Processes' }).waitFor();
    await act(page, 'Reload the configuration');
    await page.getByText('The configuration is reloaded.').waitFor();
    await page.getByRole('link', { name: 'Actions' }).click();
    await page.getByRole('cell', { name: 'ADMIN_TOKEN' }).waitFor();
    t.is(await page.evaluate('localStorage.length'), 0);
    t.is(await page.evaluate('sessionStorage.length'), 1);
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await page.getByRole('heading', { name: 'This console needs a key' }).waitFor();
    t.is(await page.evaluate('sessionStorage.length'), 0);
  },
);

test.serial('every reading and action of the admin port is as its contract says', async (t) => {
  const { snapshots } = await asked<{ snapshots: { version: number }[] }>(t, '/snapshots');
  const newest = snapshots[0]!.version;
  const oldest = snapshots.at(-1)!.version;
  const [event] = (await host.system.search()).match(/[0-9a-f-]{36}/)!;
  const queries: Readonly<Record<string, string>> = {
    '/explain': `?id=${event}&ends_at=2031-03-09`,
    '/providers/{name}/excerpt': '?line=2&column=3',
  };
  for (const path of Object.values(adminRoutes)
    .filter(({ method }) => method === 'get')
    .map((route) => route.path)) {
    const filled = path
      .replace('{name}', 'south')
      .replace('{id}', event)
      .replace('{version}', `${newest}`)
      .replace('{file}', 'console.js')
      .replace('{from}', `${oldest}`)
      .replace('{to}', `${newest}`)
      .concat(queries[path] ?? '');
    await asked(t, filled);
    await asked(t, filled, 'HEAD');
  }
  for (const path of ['/providers/none/runs', '/providers/none/quarantine']) await asked(t, path, 'GET', 404);
  const none = '00000000-0000-5000-8000-000000000000';
  for (const path of [
    '/snapshots?limit=0',
    '/actions?limit=x',
    '/snapshots/x/diff/1',
    `/snapshots/${oldest}/diff/${newest}?cursor=x`,
    '/explain',
    `/explain?id=${none}&starts_at=2031-02-30`,
    '/providers/south/excerpt',
  ])
    await asked(t, path, 'GET', 400);
  for (const path of [
    '/snapshots/999999/diff/1',
    '/snapshots/999999/segments',
    `/events/${none}/history`,
    '/providers/none/held',
    '/providers/none/excerpt?line=1',
    '/providers/south/excerpt?line=999999',
  ])
    await asked(t, path, 'GET', 404);
  for (const [status, method, path] of [
    [200, 'POST', `/snapshots/${newest}/pin`],
    [200, 'DELETE', '/snapshots/pin'],
    [404, 'POST', '/snapshots/999999/pin'],
    [409, 'POST', '/snapshots/approve'],
    [409, 'POST', '/providers/south/approve'],
    [404, 'POST', '/providers/none/run'],
    [202, 'POST', '/providers/south/run'],
    [404, 'POST', '/profile?slot=999'],
    [400, 'POST', '/profile?seconds=x'],
    [200, 'POST', '/profile?seconds=1'],
    [200, 'POST', '/profile?seconds=1&slot=ingest'],
    [200, 'POST', '/reload'],
  ] as const)
    await asked(t, path, method, status);
  const { actions } = await asked<Actions>(t, '/actions?limit=9');
  t.deepEqual(
    actions.toReversed().map(({ status, method, path }) => `${status} ${method} ${path}`),
    [
      `200 POST /snapshots/${newest}/pin`,
      '200 DELETE /snapshots/pin',
      '409 POST /snapshots/approve',
      '409 POST /providers/south/approve',
      '202 POST /providers/south/run',
      '400 POST /profile',
      '200 POST /profile',
      '200 POST /profile',
      '200 POST /reload',
    ],
  );
});
