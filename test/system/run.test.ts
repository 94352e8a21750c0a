// The README's first screen, literally.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import {
  askedDays,
  bodyExcerpt,
  eventHistory,
  explanation,
  heldWithdrawals,
  versionDiff,
  versionSizes,
} from '#/http/inspection/schemas.ts';
import { freePort, groupLives, root, run, until } from './_system.ts';

/** The code blocks of the first screen, by language. */
async function firstScreen(): Promise<{ commands: string[]; answer: unknown }> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = Array.from(readme.split('\n## ', 1)[0]!.matchAll(/```(\w+)\n([^]*?)```/g));
  const of = (language: string): string[] =>
    blocks.flatMap(([, found, text]) => (found === language ? text!.trim() : []));
  return { commands: of('sh'), answer: JSON.parse(of('json')[0]!) };
}

test("make run gives the README's answer to the README's question, and Ctrl-C ends it", async (t) => {
  t.timeout(180_000);
  const { commands, answer } = await firstScreen();
  const [start, curl] = commands;
  t.is(start, 'make run');
  const recipe = await promisify(execFile)('make', ['--dry-run', '--always-make', 'run'], { cwd: root });
  t.regex(recipe.stdout, /node load\/demo\.ts$/m, 'make run starts the demo');

  const [port, adminPort, simulatorPort] = [await freePort(), await freePort(), await freePort()];
  const demo = run(t, 'load/demo.ts', {
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    SIMULATOR_PORT: String(simulatorPort),
    API_WORKERS: '2',
  });
  await until(
    'the demo says that it is running',
    () => demo.output().includes('Marquee is running.'),
    60_000,
  );

  const [, question] = /^curl 'http:\/\/localhost:8000(.*)'$/.exec(curl!)!;
  const ask = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}${question}`)).json();
  t.deepEqual(await ask(), answer);
  t.true(
    demo.output().includes(`curl 'http://127.0.0.1:${port}${question}'`),
    'the terminal names the same curl',
  );

  // The second and the third feed no longer have these nights.
  await until('both providers have given their third answer', async () => {
    const status = await (await fetch(`http://127.0.0.1:${adminPort}/status`)).json();
    const { providers } = status as { providers: Record<string, { lastRun: { outcome: string } }> };
    return Object.values(providers).every(({ lastRun }) => lastRun.outcome === 'unchanged');
  });
  t.deepEqual(await ask(), answer);

  // What an operator asks of a running system: the supervisor passes it on to ingest and to the workers.
  const admin = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${adminPort}${path}`);
    t.is(response.status, 200, path);
    return response.json();
  };
  const { id } = (answer as { data: { events: { id: string }[] } }).data.events[0]!;
  const { version } = (await admin('/status')) as { version: number };
  const explained = explanation.parse(await admin(`/explain?id=${id}${question!.replace(/^[^?]*\?/, '&')}`));
  t.like(explained, { verdict: 'found', found: true, served: { version } });
  const name = String(explained.event!['provider']);
  t.is(heldWithdrawals.parse(await admin(`/providers/${name}/held`)).held, null);
  t.true(eventHistory.parse(await admin(`/events/${id}/history`)).changes.length > 0);
  t.true(versionSizes.parse(await admin(`/snapshots/${version}/segments`)).providers[name]!.events > 0);
  t.is(bodyExcerpt.parse(await admin(`/providers/${name}/excerpt?line=1`)).lines[0]!.line, 1);
  t.truthy(versionDiff.parse(await admin(`/snapshots/1/diff/${version}?limit=1`)).counts);
  let asked = askedDays.parse(await admin('/searches/days'));
  // On a busy machine a worker may answer late.
  await until('both workers answer', async () => {
    asked = askedDays.parse(await admin('/searches/days'));
    return asked.silent === 0;
  });
  t.like(asked, { workers: 2, outside: 0 });
  t.true((asked.days.find(({ day }) => day === '2021-02-01')?.searches ?? 0) >= 2);

  demo.killGroup('SIGINT');
  t.is(await demo.ended, 0);
  t.false(groupLives(demo.pid));
});
