// The directories of src/, which of them may import which, and tests that the code keeps to it. The lint rules in
// .oxlintrc.json report the same in an editor; the last test compares the two. In load/ and test/ only import circles are
// checked, and in load/ the sizes of directories.
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

// From the bottom up. A directory imports from the directories named here and from no other; a package that a directory
// owns is imported nowhere else.
const plan: Record<string, { mayImport: string[]; owns?: string[] }> = {
  kit: { mayImport: [] },
  domain: { mayImport: ['kit'] },
  snapshot: { mayImport: ['domain', 'kit'] },
  provider: { mayImport: ['domain', 'kit'] },
  archive: { mayImport: ['domain', 'kit'], owns: ['kysely', 'pg', 'node:sqlite'] },
  store: { mayImport: ['snapshot', 'domain', 'kit'], owns: ['ioredis', 'rate-limiter-flexible'] },
  search: { mayImport: ['snapshot', 'domain', 'kit'] },
  telemetry: { mayImport: ['kit'], owns: ['prom-client', 'pino', 'pino-pretty', '@opentelemetry'] },
  access: { mayImport: ['kit'], owns: ['jose'] },
  http: { mayImport: ['search', 'telemetry', 'access', 'domain', 'kit'], owns: ['express', 'helmet'] },
  variables: { mayImport: ['kit'] },
  'variables.ts': { mayImport: ['variables', 'store', 'kit'] },
  'config-fault.ts': { mayImport: ['provider', 'kit'] },
  config: { mayImport: ['variables.ts', 'config-fault.ts', 'access', 'kit'] },
  'config.ts': {
    mayImport: ['config', 'variables.ts', 'config-fault.ts', 'access', 'provider', 'store', 'domain', 'kit'],
  },
  actor: {
    mayImport: ['store', 'archive', 'domain', 'telemetry', 'access', 'config.ts', 'config-fault.ts', 'kit'],
  },
  api: {
    mayImport: [
      'actor',
      'http',
      'search',
      'telemetry',
      'access',
      'store',
      'archive',
      'snapshot',
      'domain',
      'config.ts',
      'kit',
    ],
  },
  ingest: {
    mayImport: [
      'actor',
      'telemetry',
      'store',
      'archive',
      'provider',
      'snapshot',
      'domain',
      'config.ts',
      'kit',
    ],
  },
  supervisor: {
    mayImport: ['actor', 'http', 'telemetry', 'access', 'config.ts', 'config-fault.ts', 'kit'],
  },
  commands: {
    mayImport: [
      'ingest',
      'actor',
      'access',
      'store',
      'archive',
      'provider',
      'snapshot',
      'domain',
      'config.ts',
      'config-fault.ts',
      'kit',
    ],
  },
  'main.ts': { mayImport: ['supervisor', 'actor', 'config-fault.ts', 'config.ts', 'kit'] },
  'marquee.ts': { mayImport: ['main.ts', 'commands', 'kit'] },
};
const tops = Object.keys(plan);
const readsEnvironment = new Set(['config.ts', 'main.ts', 'actor', 'commands']);
const linesMax = 250;
const [filesMax, directoryLinesMax] = [20, 1500];

const root = fileURLToPath(new URL('..', import.meta.url));

type Tree = 'src' | 'load' | 'test';

interface Source {
  tree: Tree;
  path: string; // from the tree, with forward slashes
  top: string; // the first part of the path: a directory, or a file that is in none
  code: string; // without comments
  lines: number;
  imports: string[]; // as written
}

/** Every TypeScript file of a directory of the project, by path. */
async function readTree(tree: Tree): Promise<Source[]> {
  const sources: Source[] = [];
  for await (const path of glob('**/*.ts', { cwd: join(root, tree) })) {
    const text = await readFile(join(root, tree, path), 'utf8');
    const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
    const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1]!);
    sources.push({
      tree,
      path,
      top: path.split('/')[0]!,
      code,
      lines: text.trimEnd().split('\n').length,
      imports,
    });
  }
  return sources.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is wrong with this import in this directory, if anything. */
function wrong(top: string, specifier: string): string | undefined {
  if (specifier.startsWith('#/')) {
    const other = specifier.split('/')[1]!;
    const allowed = other === top || plan[top]!.mayImport.includes(other);
    return allowed ? undefined : `${top} may not import from ${other}`;
  }
  if (specifier.startsWith('../'))
    return 'another directory is imported as #/directory/file.ts, never as ../';
  const owner = tops.find((name) =>
    plan[name]!.owns?.some((owned) => specifier === owned || specifier.startsWith(`${owned}/`)),
  );
  return owner === undefined || owner === top ? undefined : `${specifier} belongs to ${owner}`;
}

/** The file of the same tree that an import names, as a path from the tree; undefined for a package or another tree. */
function target(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('#/')) return source.tree === 'src' ? specifier.slice(2) : undefined;
  if (specifier.startsWith('.')) return posix.join(posix.dirname(source.path), specifier);
  return undefined;
}

/** Each import circle once, as `a.ts → b.ts → a.ts`. */
function circlesOf(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map((source) => [source.path, source.imports.flatMap((name) => target(source, name) ?? [])]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return circles;
}

/** The directories that hold more files or lines than allowed; a directory below is a directory of its own. */
function largeDirectories(sources: readonly Source[]): string[] {
  const sizes = new Map<string, { files: number; lines: number }>();
  for (const { path, lines } of sources) {
    const size = sizes.get(posix.dirname(path)) ?? { files: 0, lines: 0 };
    sizes.set(posix.dirname(path), { files: size.files + 1, lines: size.lines + lines });
  }
  return [...sizes]
    .filter(([, { files, lines }]) => files > filesMax || lines > directoryLinesMax)
    .map(([path, { files, lines }]) => `${path}: ${files} files, ${lines} lines`);
}

const sources = await readTree('src');
const trees = { src: sources, load: await readTree('load'), test: await readTree('test') };

test('every file of src/ is in a directory of the plan', (t) => {
  t.deepEqual(
    sources.filter((source) => plan[source.top] === undefined).map((source) => source.path),
    [],
  );
});

test('every import of src/ goes down', (t) => {
  const faults = sources
    .filter((source) => plan[source.top] !== undefined)
    .flatMap((source) =>
      source.imports
        .map((specifier) => wrong(source.top, specifier))
        .filter((fault) => fault !== undefined)
        .map((fault) => `src/${source.path}: ${fault}`),
    );
  t.deepEqual(faults, []);
});

test('a file of the same directory is imported as ./, and every import names the whole file', (t) => {
  const faults = sources.flatMap((source) =>
    source.imports
      .filter((specifier) => {
        const path = target(source, specifier);
        if (path === undefined) return false;
        const near = path.startsWith(`${posix.dirname(source.path)}/`) && source.path.includes('/');
        return !/\.(ts|js|json)$/.test(path) || (near && specifier.startsWith('#/'));
      })
      .map((specifier) => `src/${source.path}: ${specifier}`),
  );
  t.deepEqual(faults, []);
});

for (const tree of ['src', 'load', 'test'] as const) {
  test(`no file of ${tree}/ imports itself, directly or through others`, (t) => {
    t.true(trees[tree].length > 0);
    t.deepEqual(circlesOf(trees[tree]), []);
  });
}

for (const tree of ['src', 'load'] as const) {
  test(`no directory of ${tree}/ has more than ${filesMax} files or ${directoryLinesMax} lines`, (t) => {
    t.true(trees[tree].length > 0);
    t.deepEqual(largeDirectories(trees[tree]), []);
  });
}

test(`no file of src/ is longer than ${linesMax} lines`, (t) => {
  const long = sources.filter((source) => source.lines > linesMax);
  t.deepEqual(
    long.map((source) => `src/${source.path}: ${source.lines} lines`),
    [],
  );
});

/** What a program imports when it starts, directly or through others: packages, and files from src. Not `import()`, not types. */
function loadedBy(path: string): Set<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const loaded = new Set<string>();
  const load = (source: Source): void => {
    if (loaded.has(source.path)) return;
    loaded.add(source.path);
    for (const [, name] of source.code.matchAll(
      /^(?:import|export)(?! type\b)(?:[\w$*{},\s]*\bfrom)?\s*'([^'\n]+)'/gm,
    )) {
      const next = byPath.get(target(source, name!) ?? '');
      if (next === undefined) loaded.add(name!);
      else load(next);
    }
  };
  load(byPath.get(path)!);
  return loaded;
}

test('an API worker starts without zod, which it loads with the first request that needs it', (t) => {
  const loaded = loadedBy('api/api.ts');
  for (const name of ['express', 'lru-cache', 'http/events/handler.ts']) t.true(loaded.has(name), name);
  t.deepEqual(
    [...loaded].filter((name) => name.startsWith('zod')),
    [],
  );
});

test('only the top directories read the environment', (t) => {
  const readers = sources.filter(
    ({ top, code }) =>
      !readsEnvironment.has(top) && /\bprocess\.env\b|\benv\b.*from 'node:process'/.test(code),
  );
  t.deepEqual(
    readers.map((source) => `src/${source.path}`),
    [],
  );
});

/** Runs oxlint with our configuration over probe files; returns `directory: import` of each import that it refuses. */
async function lint(probes: Map<string, string[]>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-floors-'));
  try {
    const config = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8'));
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} })); // without types: fast
    await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    const topOf = new Map<string, string>();
    for (const [top, specifiers] of probes) {
      const path = top.endsWith('.ts') ? `src/${top}` : `src/${top}/probe.ts`;
      topOf.set(path, top);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), specifiers.map((name) => `import '${name}';\n`).join(''));
    }
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [oxlint, '--format=json'], { cwd: folder }, (_, stdout) => resolve(stdout));
    });
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[];
    };
    return diagnostics
      .filter(({ code }) => /no-restricted-imports|no-relative-parent-imports/.test(code))
      .map(({ filename, labels }) => {
        const top = topOf.get(filename.replaceAll('\\', '/'))!;
        return `${top}: ${probes.get(top)![labels[0]!.span.line - 1]}`;
      });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the lint rules refuse what the plan refuses, and nothing else', async (t) => {
  const specifiers = [
    ...tops.map((top) => (top.endsWith('.ts') ? `#/${top}` : `#/${top}/thing.ts`)),
    ...tops
      .flatMap((top) => plan[top]!.owns ?? [])
      .map((name) => (name.startsWith('@') ? `${name}/api` : name)),
    '../kit/thing.ts',
    'node:fs',
    'zod',
  ];
  const probes = new Map(tops.map((top) => [top, specifiers.filter((name) => name !== `#/${top}`)] as const));
  const expected = [...probes].flatMap(([top, names]) =>
    names.filter((name) => wrong(top, name) !== undefined).map((name) => `${top}: ${name}`),
  );
  const refused = await lint(probes);
  t.deepEqual(
    {
      missed: expected.filter((one) => !refused.includes(one)),
      tooStrict: refused.filter((one) => !expected.includes(one)),
    },
    { missed: [], tooStrict: [] },
  );
});
