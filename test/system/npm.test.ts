// The programs of package.json's scripts end with npm: there is no shell in between.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { longTest } from '../_support/long.ts';
import { directoryFor, groupLives, root, startSystem, until } from './_system.ts';

test('every script that runs node replaces the shell of npm', async (t) => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const started = Object.entries(scripts).filter(([, script]) => /\bnode\b/.test(script));
  t.true(started.length > 5);
  for (const [name, script] of started)
    t.regex(script, /^(node src\/preflight\.js && )?exec node [^&|;]+$/, name);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  const declare = signal === 'SIGTERM' ? test.serial : longTest(test.serial);
  declare(`${signal} to npm start stops the system, and then npm`, async (t) => {
    const DATA_DIR = await directoryFor(t);
    const environment = {
      DATA_DIR,
      HOME: DATA_DIR,
      PROVIDER_URL: 'http://127.0.0.1:9/nobody',
    };
    const system = await startSystem(t, environment, ['npm', 'start']);
    system.kill(signal);
    t.is(await system.ended, 0, system.output());
    t.regex(system.output(), /"msg":"stopped"/);
    await until('no process is left', () => !groupLives(system.pid));
    await t.throwsAsync(fetch(system.url), undefined, 'nobody holds the port');
  });
}
