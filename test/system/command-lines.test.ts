// Every program knows its options, refuses others, reports a Node that is too old, and ends with the npm that started it.

import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { main as feedCheck } from '#/commands/feed-check.ts';
import { main as feedReplay } from '#/commands/feed-replay.ts';
import { main as keyList } from '#/commands/key-list.ts';
import { main as keyNew } from '#/commands/key-new.ts';
import { main as keyRevoke } from '#/commands/key-revoke.ts';
import { main as snapshotsDiff } from '#/commands/snapshots-diff.ts';
import { main as startMain } from '#/main.ts';
import { isLong, longTest } from '../_support/long.ts';
import { called } from './_in-process.ts';
import { directoryFor, groupLives, root, run, startSystem, until } from './_system.ts';

interface PackageFile {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}
const { version, scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFile;

/** The script of each program of the project, and its module. */
const programs = Object.entries(scripts).flatMap(([script, command]) => {
  const module = /\bnode (\S+\.ts)$/.exec(command)?.[1];
  return module === undefined ? [] : [{ script, module }];
});

/** Ports that cannot be used, in case the program starts after all. */
const harmless = { PORT: '1', ADMIN_PORT: '1', HOST: '192.0.2.1', ADMIN_HOST: '192.0.2.1' };

test.serial('every program of package.json is tested here', (t) => {
  t.deepEqual(programs.map(({ script }) => script).toSorted(), [
    'chaos',
    'client',
    'demo',
    'docs',
    'feed:check',
    'feed:replay',
    'key:list',
    'key:new',
    'key:revoke',
    'lint:prose',
    'load',
    'load:compare',
    'release',
    'rules',
    'screenshots',
    'simulate',
    'simulator',
    'snapshots:diff',
    'start',
    'test',
  ]);
});

const withMain = {
  'feed:check': feedCheck,
  'feed:replay': feedReplay,
  'key:list': keyList,
  'key:new': keyNew,
  'key:revoke': keyRevoke,
  'snapshots:diff': snapshotsDiff,
  start: startMain,
};

test.serial('no command of an operator starts anything for an argument that it does not know', async (t) => {
  for (const [script, main] of Object.entries(withMain)) {
    const { exitCode, output, errors } = await called(main, ['--vresion'], harmless);
    t.deepEqual([exitCode, output], [64, ''], script);
    t.regex(errors, /^Got --vresion, expected .*--version.* Did you mean --version\?$/m, script);
  }
});

for (const { script, module } of programs) {
  // The short form has one program as a process; all read their arguments by the same function.
  const declare = script === 'start' ? test.serial : longTest(test.serial);
  declare(
    `npm run ${script} knows --help and --version, and starts nothing for an argument that it does not know`,
    async (t) => {
      const asked = (...args: string[]) => run(t, module, harmless, args);
      const misspelt = asked('--vresion');
      const [help, told] = [asked('--help'), asked('--version')];
      t.deepEqual([await help.ended, await told.ended], [0, 0], help.output() + told.output());
      t.regex(help.output(), /^Usage: /m);
      t.is(told.output(), `marquee ${version}\n`);
      t.is(await misspelt.ended, 64, misspelt.output());
      t.regex(misspelt.errors(), /^Got --vresion, expected .*--version.* Did you mean --version\?$/m);
      t.is(misspelt.output(), misspelt.errors(), 'nothing was started');
      t.notRegex(misspelt.errors(), /^\s+at /m, 'no stack trace');
    },
  );
}

test.serial('an option that is a variable is reported as one, and an operand is refused', async (t) => {
  for (const [arg, reason] of [
    [['--colour=3'], /^Got --colour, expected --help or --version\.$/m],
    [['--version=3'], /^Got --version=3, expected --version without a value\.$/m],
    [['--port', '3'], /Got --port, .*Environment variables configure Marquee: set PORT\./],
    [['production'], /Got production, expected no arguments except --help or --version\./],
  ] as const) {
    const { exitCode, output, errors } = await called(startMain, arg, harmless);
    t.deepEqual([exitCode, output], [64, '']);
    t.regex(errors, reason);
  }
});

test.serial('an option without its value is refused by name', async (t) => {
  const { exitCode, errors } = await called(feedCheck, ['--format', '--json']);
  t.is(exitCode, 64);
  t.regex(errors, /Got --format without a value, expected --format=VALUE\./);
});

longTest(test.serial)(
  'the simulator and the load suites refuse the same, and an operand that is near a known one',
  async (t) => {
    const [port, suite] = [
      run(t, 'load/simulator.ts', {}, ['--port', '--host']),
      run(t, 'load/main.ts', {}, ['serach']),
    ];
    t.is(await port.ended, 64);
    t.regex(port.errors(), /Got --port without a value, expected --port=VALUE\./);
    t.is(await suite.ended, 64);
    t.regex(suite.errors(), /Got serach, expected .*search.* Did you mean search\?/);
  },
);

/** An installed Node that is older than package.json allows; null when there is none. */
const oldNode =
  ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 99) < 26;
  }) ?? null;
const withOldNode = oldNode === null ? test.serial.skip : test.serial;

withOldNode('a Node that is too old gives a sentence, from every script', async (t) => {
  const directory = await directoryFor(t);
  await mkdir(join(directory, 'src'));
  for (const file of ['package.json', 'src/preflight.js']) await cp(join(root, file), join(directory, file));
  // The short form has each way in which a script begins once.
  const beginnings = new Map(programs.map(({ script }) => [scripts[script]!.split('&&')[0], script]));
  for (const script of isLong ? programs.map((one) => one.script) : beginnings.values()) {
    const ran = spawnSync('sh', ['-c', scripts[script]!.replaceAll(/\bnode\b(?= )/g, oldNode!)], {
      cwd: directory,
      encoding: 'utf8',
    });
    t.is(ran.status, 69, ran.stderr);
    t.regex(ran.stderr, /^Got Node \d+\.\d+\.\d+ at \S+, expected Node 26 or newer\. .*\n$/);
  }
});

test.serial('missing packages are reported in a sentence', async (t) => {
  const directory = await directoryFor(t);
  await mkdir(join(directory, 'src'));
  for (const file of ['package.json', 'src/preflight.js']) await cp(join(root, file), join(directory, file));
  const preflight = promisify(execFile)(process.execPath, ['src/preflight.js'], { cwd: directory });
  const { code, stderr } = await t.throwsAsync<Error & { code: number; stderr: string }>(preflight);
  t.is(code, 69);
  t.is(stderr, 'Got no node_modules, expected the packages of package-lock.json: run `npm ci` first.\n');
});

withOldNode(
  'make installs on an older Node without a warning about it, and on the newest with all of them',
  async (t) => {
    const directory = await directoryFor(t);
    for (const file of ['Makefile', 'package-lock.json']) await cp(join(root, file), join(directory, file));
    await mkdir(join(directory, 'bin'));
    // What npm would have installed: without it, make takes a library for missing and asks apt for it.
    await mkdir(join(directory, 'node_modules/.bin'), { recursive: true });
    await symlink(process.execPath, join(directory, 'node_modules/.bin/node'));
    await writeFile(join(directory, 'bin/npm'), '#!/bin/sh\necho "npm $*"\n', { mode: 0o755 });
    const made = (node: string): string => {
      const environment = {
        PATH: `${join(directory, 'bin')}:${dirname(node)}:${process.env['PATH'] ?? ''}`,
      };
      const args = ['--always-make', 'node_modules/.marquee-stamp'];
      return spawnSync('make', args, { cwd: directory, env: environment, encoding: 'utf8' }).stdout;
    };
    t.regex(made(oldNode!), /^Node \d+\.\d+\.\d+ installs; Node 26.*\nnpm ci --loglevel=error$/m);
    t.regex(made(process.execPath), /^npm ci$/m);
  },
);

test.serial('marquee lists its commands, runs them, and suggests the nearest one', async (t) => {
  const asked = (...args: string[]) => run(t, 'src/marquee.ts', harmless, args);
  const [help, told, misspelt, none, option, start] = [
    asked('--help'),
    asked('--version'),
    asked('statsu'),
    asked(),
    asked('--hlep'),
    asked('start', 'production'),
  ];
  t.is(await help.ended, 0);
  for (const name of ['start', 'check', 'replay', 'diff', 'key', 'status'])
    t.regex(help.output(), RegExp(`^  ${name} +[a-z]`, 'm'));
  t.is(await told.ended, 0);
  t.is(told.output(), `marquee ${version}\n`);
  t.is(await misspelt.ended, 64);
  t.regex(misspelt.errors(), /^Got statsu, expected start, .* or status\. Did you mean status\?$/m);
  t.is(await none.ended, 64);
  t.regex(none.errors(), /^Got no command, expected start, /);
  t.is(await option.ended, 64);
  t.regex(option.errors(), /^Got --hlep, .* Did you mean --help\?$/m);
  t.is(await start.ended, 64);
  t.regex(start.errors(), /^Got production, expected no arguments/);
});

test.serial('marquee key makes, lists and revokes a key', async (t) => {
  const file = join(await directoryFor(t), 'keys.json');
  const key = (...args: string[]) => run(t, 'src/marquee.ts', {}, ['key', ...args]);
  const [help, made] = [key('--help'), key('new', '--name', 'shop', '--file', file)];
  t.is(await help.ended, 0);
  for (const name of ['new', 'list', 'revoke']) t.regex(help.output(), RegExp(`^  ${name} +[a-z]`, 'm'));
  t.is(await made.ended, 0, made.output());
  const revoked = key('revoke', 'shop', '--file', file);
  t.is(await revoked.ended, 0, revoked.output());
  const listed = key('list', '--file', file);
  t.is(await listed.ended, 0);
  t.regex(listed.output(), /^shop  revoked /);
});

test.serial('marquee status reports an admin port that does not answer', async (t) => {
  const status = run(t, 'src/marquee.ts', {}, ['status', '--url', 'http://127.0.0.1:1']);
  const wrong = run(t, 'src/marquee.ts', {}, ['status', '--url', 'localhost:9000']);
  t.is(await status.ended, 69);
  t.regex(status.errors(), /^http:\/\/127\.0\.0\.1:1\/status cannot be read: .+\n$/);
  t.is(await wrong.ended, 64);
  t.regex(wrong.errors(), /^Got --url=localhost:9000, expected http:/);
});

test.serial('every script that runs node replaces the shell of npm', (t) => {
  const started = Object.entries(scripts).filter(([, script]) => /\bnode\b/.test(script));
  t.true(started.length > 5);
  for (const [name, script] of started)
    t.regex(script, /^(node src\/preflight\.js && )?exec node [^&|;]+$/, name);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // In the short form, backup.test.ts starts a system with npm, and stops it with SIGTERM.
  longTest(test.serial)(`${signal} to npm start stops the system, and then npm`, async (t) => {
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
