// Browsers are strict about gzip: they stop after the first member, and ignore any others.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSearchHandler } from '#/http/search-handler.ts';
import { domOf, testInBrowser } from '../_support/chromium.ts';
import { browserMs } from '../_support/chromium-flags.ts';
import { randomEvents, truthOf, viewOf } from '../_support/catalogue.ts';
import { seededFor } from '../_support/random.ts';

testInBrowser('Chromium shows a composed answer of thousands of events completely', async (t) => {
  t.timeout(2 * browserMs);
  const random = seededFor(t);
  const quarter = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 2, 31) };
  const events = randomEvents(random, { events: 5000, ...quarter });
  const view = viewOf(events, 500);
  const search = createSearchHandler({
    currentView: () => view,
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: { valueOf: () => 'version=1' },
    cacheBytesMax: 0,
  });
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const [path, query = ''] = (request.url ?? '').split('?', 2);
    if (path !== '/search') {
      response.writeHead(404).end();
      return;
    }
    asked.push(request.headers['accept-encoding']);
    search(request, response, query, undefined, null);
  });
  t.teardown(() => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');

  const range = { start: Date.UTC(2021, 0, 2, 13), end: Date.UTC(2021, 2, 20, 17) };
  const query = `starts_at=${new Date(range.start).toISOString()}&ends_at=${new Date(range.end).toISOString()}`;
  const stdout = await domOf(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}/search?${query}`);

  t.regex(asked[0] ?? '', /gzip/);
  const shown = /<pre[^>]*>(.*?)<\/pre>/s.exec(stdout)?.[1] ?? stdout.slice(0, 1000);
  const text = shown
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&');
  const wanted = truthOf(events, range);
  t.true(JSON.parse(wanted).data.events.length > 1000);
  t.true(text === wanted, `${text.length} characters, expected ${wanted.length}: ${text.slice(0, 300)}`);
});
