// ops/Dockerfile and the contents of the image.

import { access, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import test from 'ava';
import { filesBelow, read, readJson, root, type PackageFile } from './_files.ts';

/** The instructions of a Dockerfile, with continued lines joined and comments removed. */
async function readDockerfile(path: string): Promise<[instruction: string, rest: string][]> {
  const text = (await read(path)).replaceAll(/^\s*#.*$/gm, '').replaceAll(/\\\n\s*/g, '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, instruction, rest] = /^(\w+)\s+(.*)$/.exec(line.trim())!;
      return [instruction!, rest!];
    });
}

const instructions = await readDockerfile('ops/Dockerfile');
const last = (name: string): string => instructions.findLast(([found]) => found === name)?.[1] ?? '';
const copied = instructions
  .filter(([name, rest]) => name === 'COPY' && !rest.includes('--from='))
  .flatMap(([, rest]) => rest.split(/\s+/).slice(0, -1));

test('every file that the image copies exists, and .dockerignore does not exclude it', async (t) => {
  const letIn = (await read('.dockerignore')).split('\n').flatMap((line) => /^!(.+)$/.exec(line)?.[1] ?? []);
  t.true(copied.length > 0);
  for (const source of copied) {
    await t.notThrowsAsync(access(join(root, source)), source);
    t.true(letIn.includes(source), `Got ${source} copied, expected it in .dockerignore.`);
  }
  for (const source of letIn) {
    await t.notThrowsAsync(access(join(root, source)), source);
    t.true(copied.includes(source), `Got ${source} in .dockerignore, expected it copied.`);
  }
});

test('the image runs the Node of package.json as a numeric unprivileged user, with a health check', async (t) => {
  const { engines, devDependencies } = await readJson<PackageFile>('package.json');
  const major = devDependencies['node']!.split('.')[0]!;
  t.is(engines.node, `>=${major}`);
  for (const [name, rest] of instructions)
    if (name === 'FROM') t.regex(rest, RegExp(`^node:${major}-slim\\b`));
  t.regex(last('USER'), /^[1-9]\d*:[1-9]\d*$/);
  t.deepEqual(JSON.parse(last('CMD')), ['node', 'src/main.ts']);
  t.is(last('STOPSIGNAL'), 'SIGTERM');
  t.regex(last('HEALTHCHECK'), /ADMIN_PORT \|\| 9000}\/livez/);
  t.notRegex(
    last('ENV'),
    /ADMIN_HOST/,
    'a container without a credential starts, and its admin port is its own',
  );
  t.regex(last('ENV'), RegExp(`DATA_DIR=${last('VOLUME')}\\b`));
  t.false(
    instructions.some(([name]) => name === 'ENTRYPOINT'),
    'a shell before node would keep the signal',
  );
});

test('the labels of the image name the version of package.json and the revision', async (t) => {
  const { version, license } = await readJson<PackageFile & { version: string; license: string }>(
    'package.json',
  );
  const labels = new Map(
    Array.from(
      last('LABEL').matchAll(/org\.opencontainers\.image\.(\w+)=("[^"]*"|\S+)/g),
      ([, name, value]) => [name, value],
    ),
  );
  t.is(labels.get('version'), version);
  t.is(labels.get('licenses'), license);
  t.is(labels.get('revision'), '$REVISION');
});

test('the image installs only production packages, and its programs need no others', async (t) => {
  t.true(instructions.some(([name, rest]) => name === 'RUN' && /^npm ci --omit=dev\b/.test(rest)));
  const { dependencies } = await readJson<PackageFile>('package.json');
  for (const program of ['src/main.ts', 'load/simulator.ts']) {
    const { files, packages } = await reached(program);
    t.deepEqual(
      [...packages].filter((name) => !(name in dependencies)),
      [],
      program,
    );
    t.deepEqual(
      [...files].filter((file) => !copied.some((folder) => file === folder || file.startsWith(`${folder}/`))),
      [],
      program,
    );
  }
});

/** Every file and package that a program uses: its imports, and modules named by URL. */
async function reached(program: string): Promise<{ files: Set<string>; packages: Set<string> }> {
  const [files, packages] = [new Set([program]), new Set<string>()];
  for (const file of files) {
    const text = await read(file);
    const named = [
      ...text.matchAll(/^(?:import|export)\b(?! type)[^;]*?\bfrom '([^']+)'/gm),
      ...text.matchAll(/\bimport\('([^']+)'\)/g),
      ...text.matchAll(/(?:new URL|pathOf)\('(\.[^']*\.ts)'/g),
    ].map(([, specifier]) => specifier!);
    for (const specifier of named) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('#/')) files.add(specifier.replace('#/', 'src/'));
      else if (specifier.startsWith('.')) files.add(relative(root, join(root, dirname(file), specifier)));
      else packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)![0]);
    }
  }
  return { files, packages };
}

test('the user of the image can read all of its files', async (t) => {
  for (const folder of ['src', 'load']) {
    for (const file of await filesBelow(folder)) {
      const { mode } = await stat(join(root, file));
      t.is(mode & 0o004, 0o004, file);
    }
  }
});
