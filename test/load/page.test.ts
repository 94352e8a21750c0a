import { execFile } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { pageOf } from '../../load/page/page.ts';
import type { Plot } from '../../load/page/plot.ts';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { startProfiling } from '../../load/profile/profiles.ts';
import { flamesOf, type CpuProfile, type NamedProfile } from '../../load/profile/tree.ts';
import { directoryFor } from '../_support/directory.ts';
import { outcomeWith, reportWith } from './_reports.ts';

const hostile = `<img src=x onerror=alert(1)> & "quoted" </script><script>document.title = 'taken'</script><!-- `;

const plots: Plot[] = [
  {
    kind: 'bars',
    title: hostile,
    unit: '/s',
    bars: [
      { group: 'point queries', name: 'bare', value: 1000 },
      { group: 'point queries', name: hostile, value: 800 },
    ],
  },
  {
    kind: 'lines',
    title: 'Latency',
    x: 'percentile',
    unit: 'ms',
    series: [
      {
        name: hostile,
        points: [
          [0, 0.2],
          [50, 1],
          [99.9, 7],
          [100, 30],
        ],
      },
      { name: 'other points', points: [[99, 4]] },
    ],
  },
  {
    kind: 'lines',
    title: 'Memory',
    x: 'seconds',
    unit: 'MB',
    series: [{ name: 'worker', points: Array.from({ length: 50 }, (_, x) => [x / 2, 100 + x] as const) }],
  },
  {
    kind: 'lines',
    title: 'Nothing was measured',
    x: 'seconds',
    unit: 'MB',
    series: [{ name: 'none', points: [] }],
  },
];
const drawable = 3;

const page = (): Promise<string> =>
  pageOf(reportWith([], { failures: [hostile] }), [
    outcomeWith({
      plots,
      notes: [hostile],
      rows: [[hostile, 'MISSED']],
      more: [outcomeWith({ title: hostile })],
    }),
  ]);

test('the report loads nothing over the network, and escapes all text', async (t) => {
  const html = await page();
  // Nothing outside its scripts and styles can be loaded by any browser.
  const markup = html.replaceAll(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, '');
  const tags = markup.match(/<[^>]*>/g) ?? [];
  t.deepEqual(
    tags.filter((tag) =>
      /^<(?:script|style|link|img|iframe|object|base)\b|\s(?:src|href|on\w+)\s*=/i.test(tag),
    ),
    [],
  );
  t.is(html.match(/<script\b/g)?.length, html.match(/<\/script>/g)?.length, 'no text ends a script');
  const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(([, css]) => css).join('\n');
  t.notRegex(styles, /@import|url\(/);
  t.notRegex(html, /\bfetch\(|XMLHttpRequest|\bimport\(/);
  t.true(html.includes('&lt;img src=x'));
});

const check = isInstalled('chromium') ? test : test.skip;

check('a browser without a network draws every plot', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'report.html');
  await writeFile(file, await page());
  const { stdout } = await promisify(execFile)(
    programAt('chromium') ?? '',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      `--user-data-dir=${join(directory, 'profile')}`,
      '--virtual-time-budget=5000',
      '--dump-dom',
      pathToFileURL(file).href,
    ],
    { maxBuffer: 50_000_000, timeout: 120_000 },
  );
  t.true(stdout.includes(`data-drawn="${drawable}"`), stdout.slice(-300));
  t.is(stdout.match(/<canvas/g)?.length, 2, 'one for each plot of lines');
  t.is(stdout.match(/class="bar"/g)?.length, 2);
  t.notRegex(stdout, /<title>taken|<img/);
});

test('a profiled process becomes a flame graph, in which a function is as wide as its time', async (t) => {
  const directory = await directoryFor(t);
  const program = join(directory, 'busy.mjs');
  await writeFile(
    program,
    `function spin(ms) { const end = performance.now() + ms; while (performance.now() < end); }
     function most() { spin(300); }
     function least() { spin(100); }
     most(); least();`,
  );
  const environment: NodeJS.ProcessEnv = { NODE_OPTIONS: '--no-warnings' };
  const profiles = await startProfiling(directory, environment);
  for (let run = 0; run < 2; run++)
    await promisify(execFile)(process.execPath, [program], { env: environment });
  const written = await readFile(await profiles.write(join(directory, 'report'), '<b>now'), 'utf8');
  t.regex(written, /2 profiles, \d\.\d s of processor time/);
  t.regex(written, /<title>most \S*busy\.mjs:2\n/);
  t.false(written.includes('<b>'));

  const files = await readdir(join(directory, 'report.profiles'));
  t.is(files.length, 2);
  const read = async (name: string): Promise<NamedProfile> => {
    const text = await readFile(join(directory, 'report.profiles', name), 'utf8');
    return { name, profile: JSON.parse(text) as CpuProfile };
  };
  const [{ root, profiles: count } = t.fail() as never] = flamesOf(await Promise.all(files.map(read)));
  t.is(count, 2);
  const named = (frame: typeof root, name: string): number =>
    frame.name === name
      ? frame.total
      : [...frame.children.values()].reduce((sum, child) => sum + named(child, name), 0);
  const [most, least] = [named(root, 'most'), named(root, 'least')];
  t.true(most > least && least > 0, `${most} and ${least} of ${root.total} µs`);
  t.true(most + least <= root.total);
  t.is(named(root, '(idle)'), 0);
});
