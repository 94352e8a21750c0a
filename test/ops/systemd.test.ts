// The unit of systemd, as systemd reads it, and compared with what Marquee does.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { isInstalled } from '../_programs/catalog.ts';
import { directoryFor } from '../system/_system.ts';
import { configOf, read, root, run, stopSeconds } from './_files.ts';

const path = 'ops/systemd/marquee.service';
const unit = await read(path);
const settings = unit
  .split('\n')
  .filter((line) => /^\w+=/.test(line))
  .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
const only = (name: string): string => {
  const found = settings.filter(([known]) => known === name);
  if (found.length !== 1) throw new Error(`Got ${found.length} lines ${name}=, expected one.`);
  return found[0]![1];
};

const check = isInstalled('systemd-analyze') ? test : test.skip;

check('systemd finds no fault in the unit, and exposes little to it', async (t) => {
  // As installed, but in this checkout.
  const file = join(await directoryFor(t), 'marquee.service');
  await writeFile(file, unit.replaceAll('/opt/marquee', root.replace(/\/$/, '')));
  await t.notThrowsAsync(run('systemd-analyze', '--no-pager', 'verify', file));
  const args = ['--no-pager', '--offline=true', '--threshold=20', 'security', file];
  t.regex((await run('systemd-analyze', ...args)) ?? '', /Overall exposure level .*: [01]\.\d OK/);
});

test('the times, exit codes and variables of the unit are those of Marquee', async (t) => {
  const env = Object.fromEntries(
    only('Environment')
      .split(' ')
      .map((pair) => pair.split('=', 2) as [string, string]),
  );
  const config = configOf(env, 'ops/providers.json');
  t.is(config.dataDir, `/var/lib/${only('StateDirectory')}`);
  const seconds = Number.parseInt(only('TimeoutStopSec'), 10);
  t.true(seconds > config.stopPauseSeconds + 2 * (await stopSeconds()), `${seconds} s`);
  // The unit of the supervisor gets the signal, which its processes would ignore.
  t.is(only('KillMode'), 'mixed');
  t.deepEqual([only('Type'), only('NotifyAccess')], ['notify', 'all']);
  const codes = only('RestartPreventExitStatus').split(' ');
  const guide = await read('ops/guides/operating.md');
  for (const code of codes) t.regex(guide, new RegExp(`^\\| ${code} \\| `, 'm'));
  // Node compiles at run time.
  t.false(settings.some(([name]) => name === 'MemoryDenyWriteExecute'));
});
