// The search page in Chromium with an empty cache, compared with a page of one line of text in the same browser, in turns: until
// the first paint, and until events are shown.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright-core';
import { median } from 'simple-statistics';
import type { WorkerReady } from '../events/worker.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild } from '../kit/child.ts';
import { freePorts } from '../kit/ports.ts';
import { findProgram } from '../kit/program.ts';
import { medianError } from '../kit/statistics.ts';
import { shortNumber, verdict } from '../kit/table.ts';

/** Milliseconds since the navigation began. */
interface Load {
  readonly paintMs: number;
  readonly shownMs: number;
}

type Name = 'search' | 'line';

const targets = { paintMs: 300, shownMs: 600 };
const withinMs = 60_000;
/** A new window keeps the browser busy for a while; a person who enters an address has it open already. */
const openedMs = 1000;
const line = '<!doctype html><title>One line</title><main id="list"><ul><li>One line</li></ul></main>';

/** Runs in the page before its own script. Shown: the frame after the first event of the list was painted. */
const observe = `{
  const shown = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('Got no event in the page within ${withinMs} ms.')), ${withinMs});
    new MutationObserver((_, observer) => {
      if (document.querySelector('#list li') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  const painted = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName('first-contentful-paint');
      if (first !== undefined) resolve(first.startTime);
    }).observe({ type: 'paint', buffered: true });
  });
  globalThis.measured = Promise.all([painted, shown]).then(([paintMs, shownMs]) => ({ paintMs, shownMs }));
}`;

export async function pagesSuite(bench: Bench): Promise<Outcome> {
  const events = Number(process.env['EVENTS'] ?? (bench.quick ? 20_000 : 1_000_000));
  const executablePath = await findProgram('chromium');
  if (executablePath === null) return skipped;
  const [port] = (await freePorts(1)) as [number];
  bench.log(`pages: building ${events} events`);
  await using worker = startChild(new URL('../events/worker.ts', import.meta.url), {
    args: ['events', String(port), String(events), bench.home],
  });
  await worker.receive<WorkerReady>('worker-ready', 600_000, bench.stop);
  const plain = await serveLine();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const urls: Readonly<Record<Name, string>> = {
    search: `http://127.0.0.1:${port}/`,
    line: `http://127.0.0.1:${(plain.address() as AddressInfo).port}/`,
  };
  const loads: Readonly<Record<Name, Load[]>> = { search: [], line: [] };
  try {
    // The first load of each is not counted: the browser and the host prepare what they keep.
    for (let pair = 0; pair <= (bench.quick ? 5 : 11); pair++) {
      const order: readonly Name[] = pair % 2 === 0 ? ['search', 'line'] : ['line', 'search'];
      for (const name of order) {
        bench.stop.throwIfAborted();
        const load = await loadOf(browser, urls[name]);
        if (pair > 0) loads[name].push(load);
      }
    }
  } finally {
    await browser.close();
    plain.closeAllConnections();
    plain.close();
  }
  return outcomeOf(events, loads);
}

/** In a window of its own: nothing is cached. */
async function loadOf(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  try {
    await context.addInitScript(observe);
    const page = await context.newPage();
    await page.waitForTimeout(openedMs);
    await page.goto(url, { timeout: withinMs });
    return await page.evaluate<Load>('globalThis.measured');
  } finally {
    await context.close();
  }
}

async function serveLine(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(line);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

const skipped: Outcome = {
  title: 'Pages',
  columns: ['', 'first paint', 'events shown'],
  rows: [],
  notes: ['Skipped: Chromium is not installed.'],
  failures: [],
  figures: {},
};

function outcomeOf(events: number, loads: Readonly<Record<Name, readonly Load[]>>): Outcome {
  const of = (name: Name, what: keyof Load): number[] => loads[name].map((load) => load[what]);
  const ratios = (what: keyof Load): number[] =>
    of('search', what).map((ms, i) => ms / (of('line', what)[i] as number));
  const row = (name: string, what: keyof Load): string[] => [
    name,
    `${shortNumber(median(of('line', what)))} ms`,
    `${shortNumber(median(of('search', what)))} ms`,
    `${median(ratios(what)).toFixed(2)} × ± ${medianError(ratios(what)).toFixed(2)}`,
    `${targets[what]} ms`,
    verdict(median(of('search', what)) <= targets[what]),
  ];
  return {
    title: `Pages: the search page over ${events.toLocaleString('en')} events in Chromium, of a page of one line`,
    columns: ['', 'one line', 'search page', 'of one line', 'target', ''],
    rows: [row('first paint', 'paintMs'), row('events shown', 'shownMs')],
    notes: [
      'Medians of loads with an empty cache, each in an empty window of its own of one browser, open for a second before. Chromium takes most of the time on few cores.',
    ],
    measures: [
      { name: 'pages: first paint of one line', unit: '×', better: 'less', rounds: ratios('paintMs') },
      { name: 'pages: events shown of one line', unit: '×', better: 'less', rounds: ratios('shownMs') },
    ],
    failures: [],
    figures: { events, loads },
  };
}
