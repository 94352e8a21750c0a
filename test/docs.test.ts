// The documentation against the code: links, paths, tables. A document that says something else than the code fails here.

import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { guide, withTables } from '../ops/guides/tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

interface Page {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Without code blocks. */
  readonly prose: string;
  /** Names of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

const patterns = ['*.md', '.github/*.md', 'ops/**/*.md'];

async function readPages(): Promise<ReadonlyMap<string, Page>> {
  const pages = new Map<string, Page>();
  for (const pattern of patterns)
    for await (const found of glob(pattern, { cwd: root })) {
      const path = found.replaceAll('\\', '/');
      const text = await read(path);
      const prose = text.replaceAll(/^ *```[^]*?^ *```/gm, '');
      pages.set(path, { path, text, prose, anchors: anchorsOf(prose) });
    }
  return pages;
}

function anchorsOf(prose: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const shown = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase();
    const slug = shown.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

const pages = await readPages();
const page = (path: string): Page => {
  const found = pages.get(path);
  if (found === undefined) throw new Error(`Got no ${path}, expected it.`);
  return found;
};

/** What describes the code as it is; records and the changelog describe what was. */
const current = [...pages.values()].filter(({ path }) => !/^ops\/(decisions\/|CHANGELOG)/.test(path));

/** The cells of each row of the first table below a heading, without the head. */
function rowsBelow({ prose }: Page, heading: string): string[][] {
  const lines = prose.slice(prose.indexOf(`\n${heading}\n`) + 1).split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const to = lines.findIndex((line, i) => i > from && !line.startsWith('|'));
  return lines.slice(from + 2, to).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell = ''): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code!);

test('every page that is expected is there', (t) => {
  const names = ['architecture', 'configuration', 'glossary', 'operating', 'performance', 'using-the-api'];
  for (const name of names) t.true(pages.has(`ops/guides/${name}.md`), name);
  for (const path of ['README.md', '.github/CONTRIBUTING.md', 'ops/CHANGELOG.md'])
    t.true(pages.has(path), path);
});

test('the README has at most 150 lines', (t) => {
  const lines = page('README.md').text.trimEnd().split('\n').length;
  t.true(lines <= 150, `${lines} lines`);
});

test('every relative link leads to a file, and every anchor to a heading', (t) => {
  const broken: string[] = [];
  let checked = 0;
  for (const { path, prose } of pages.values())
    for (const [, target = ''] of prose.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      checked++;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? path : posix.join(dirname(path), file).replace(/\/$/, '');
      const isThere = existsSync(join(root, to));
      const isHeading = anchor === undefined || pages.get(to)?.anchors.has(anchor) === true;
      if (!isThere || !isHeading) broken.push(`${path}: ${target}`);
    }
  t.true(checked > 100);
  t.deepEqual(broken, []);
});

test('every path of the repository that a page names is there', (t) => {
  const missing: string[] = [];
  let checked = 0;
  for (const { path, text } of current)
    for (const [named] of text.matchAll(/(?<![\w./*-])(?:src|test|load|ops)\/[\w./*-]*\w/g)) {
      // NAME and ALERT stand for what the reader chooses; a * for several files. Reports are made by a command.
      if (/[A-Z]{4}|\*|^load\/reports/.test(named) && !/README|CHANGELOG/.test(named)) continue;
      checked++;
      if (!existsSync(join(root, named))) missing.push(`${path}: ${named}`);
    }
  t.true(checked > 80);
  t.deepEqual(missing, []);
});

test('a command that a page names is there', async (t) => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
  const targets = new Set(
    Array.from((await read('Makefile')).matchAll(/^([a-z-]+):.*## /gm), ([, name]) => name),
  );
  const missing = current.flatMap(({ path, text }) =>
    [
      ...Array.from(text.matchAll(/\bnpm run ([\w:-]*\w)/g), ([named, name]) => ({
        named,
        is: Object.hasOwn(scripts, name!),
      })),
      ...Array.from(text.matchAll(/(?:`|^)make ([a-z-]+)/gm), ([named, name]) => ({
        named,
        is: targets.has(name),
      })),
    ].flatMap(({ named, is }) => (is ? [] : `${path}: ${named}`)),
  );
  t.deepEqual(missing, []);
});

test('the glossary has at most 30 terms, each once', (t) => {
  const terms = rowsBelow(page('ops/guides/glossary.md'), '# Glossary').map(([term]) => term);
  t.true(terms.length >= 20 && terms.length <= 30, `${terms.length} terms`);
  t.is(new Set(terms).size, terms.length);
});

test('the tables of the configuration guide are those that `npm run docs` writes', async (t) => {
  const text = await readFile(guide, 'utf8');
  t.is(text, withTables(text));
});

test('the guide has every admin request, and no other', async (t) => {
  const { adminRoutes } = await import('#/http/admin/contract/routes.ts');
  const routes = Object.values(adminRoutes).map(
    ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`,
  );
  const told = rowsBelow(page('ops/guides/operating.md'), '## Admin requests').map(([cell]) =>
    codesIn(cell)[0]!
      .replace(/\?.*/, '')
      .replaceAll(/\/[A-Z]+(?=\/|$)/g, '/*'),
  );
  t.deepEqual(told.toSorted(), routes.toSorted());
});

test('the guide has the exit codes of the program', async (t) => {
  const source = await read('src/main.ts');
  const codes = /const exitCodes = \{(.*?)\}/s.exec(source)?.[1] ?? '';
  const used = Array.from(codes.matchAll(/: (\d+)/g), ([, code]) => code!);
  const rows = rowsBelow(page('ops/guides/operating.md'), '| exit code | meaning |');
  t.true(used.length > 4);
  // 64 is the one of the command line: src/kit/command-line/command.ts.
  t.deepEqual(rows.map(([code]) => code).toSorted(), [...used, '64'].toSorted());
});

test('the guides have every error of the public port with its status', async (t) => {
  const rows = [
    ...rowsBelow(page('ops/guides/using-the-api.md'), '## Errors'),
    ...rowsBelow(page('ops/guides/listing-events.md'), '## Errors of lists'),
    ...rowsBelow(page('ops/guides/single-events.md'), '## Errors of single events'),
    ...rowsBelow(page('ops/guides/following-changes.md'), '## Errors of changes'),
  ];
  const { errors } = await import('#/http/contract/errors.ts');
  t.deepEqual(
    rows.map(([status, code]) => `${status} ${codesIn(code)[0]}`).toSorted(),
    Object.entries(errors)
      .map(([code, { status }]) => `${status} ${code}`)
      .toSorted(),
  );
});

/** The codes of errors that the files can answer. */
async function codesOf(files: readonly string[]): Promise<string[]> {
  const source = (await Promise.all(files.map(read))).join('\n');
  const codes = new Set(
    Array.from(
      source.matchAll(
        /(?:refuse\(|endWithError\(\s*\w+,\s*\d+,|envelopeOf\(|readQuery\(\w+, \w+,|\bcode:)\s*'([a-z_]+)'/g,
      ),
      ([, code]) => code!,
    ),
  );
  codes.delete('custom');
  return [...codes].toSorted();
}

test('the contract has every code that the public port answers, and no other', async (t) => {
  const { errorCodes } = await import('#/http/contract/errors.ts');
  const files: string[] = [];
  for await (const path of glob('src/{http,search}/**/*.ts', { cwd: root }))
    if (!/contract\/errors|http\/(admin|inspection)|access\/admin/.test(path)) files.push(path);
  files.push('src/domain/query.ts', 'src/domain/time/instant.ts');
  t.deepEqual(await codesOf(files), errorCodes.toSorted());
});

test('the contract of the admin port has every code that it answers', async (t) => {
  const { adminErrors } = await import('#/http/admin/contract/errors.ts');
  const files: string[] = [];
  for await (const path of glob('src/http/{admin,inspection,protocol}/**/*.ts', { cwd: root }))
    if (!/contract\//.test(path)) files.push(path);
  files.push('src/http/admin.ts', 'src/http/access/admin-guard.ts', 'src/http/access/refusals.ts');
  const codes = await codesOf(files);
  t.true(codes.length > 15);
  t.deepEqual(
    codes.filter((code) => !Object.hasOwn(adminErrors, code)),
    [],
  );
});

test('the guide of lists has every error of /events with its status, and every parameter and field', async (t) => {
  const rows = rowsBelow(page('ops/guides/listing-events.md'), '## Errors of lists');
  const { countEvents, listEvents } = await import('#/http/contract/operations/events.ts');
  const { errors } = await import('#/http/contract/errors.ts');
  const general = new Set(
    rowsBelow(page('ops/guides/using-the-api.md'), '## Errors').map(([, code]) => codesIn(code)[0]!),
  );
  const own = new Set([...listEvents.errors, ...countEvents.errors].filter((code) => !general.has(code)));
  t.true(own.size > 8);
  t.deepEqual(
    rows.map(([status, code]) => `${status} ${codesIn(code)[0]}`).toSorted(),
    Array.from(own, (code) => `${errors[code].status} ${code}`).toSorted(),
  );
  const { fieldNames } = await import('#/search/events/parameters.ts');
  const { text } = page('ops/guides/listing-events.md');
  const names = [listEvents, countEvents].flatMap(({ query }) => Object.keys(query.shape));
  const searched: ReadonlySet<string> = new Set(fieldNames.slice(0, 8));
  for (const name of [...names, ...fieldNames.filter((field) => !searched.has(field))])
    t.true(text.includes(`\`${name}\``), name);
});

test('the guide has the directories of src and what each may import', async (t) => {
  const { overrides } = JSON.parse(await read('.oxlintrc.json')) as {
    overrides: { files: string[]; rules: Record<string, unknown> }[];
  };
  const rules = overrides.flatMap(({ files, rules: found }) => {
    const rule = found['no-restricted-imports'] as [string, { patterns: { group: string[] }[] }] | undefined;
    const of = /^src\/([\w.-]+)/.exec(files[0] ?? '')?.[1];
    if (rule === undefined || of === undefined) return [];
    const allowed = rule[1].patterns[0]!.group.flatMap((name) => /^!#\/([\w.-]+)/.exec(name)?.[1] ?? []);
    return [[of, allowed.filter((name) => name !== of).toSorted()] as const];
  });
  t.true(rules.length > 10);
  const rows = rowsBelow(page('ops/guides/architecture.md'), '## Directories');
  const told = new Map(
    rows.map(([name, , imports = '']) => [
      codesIn(name)[0]!,
      imports
        .split(', ')
        .filter((one) => /\w/.test(one) && !one.includes('only'))
        .toSorted(),
    ]),
  );
  const sorted = (entries: Iterable<readonly [string, string[]]>) =>
    [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  t.deepEqual(sorted(told), sorted(rules));
});

test('the guide has every message between processes', async (t) => {
  const [toSupervisor = '', toChild = ''] = (await read('src/actor/messages.ts')).split(
    'export type SupervisorMessage',
  );
  const typesIn = (source: string): string[] =>
    Array.from(source.matchAll(/readonly type: '(\w+)'/g), ([, type]) => type!).toSorted();
  const [fromChild, fromSupervisor] = rowsBelow(page('ops/guides/architecture.md'), '## How processes talk');
  t.true(typesIn(toChild).length > 4);
  t.deepEqual(codesIn(fromChild?.[2]).toSorted(), typesIn(toSupervisor));
  t.deepEqual(codesIn(fromSupervisor?.[2]).toSorted(), typesIn(toChild));
});
