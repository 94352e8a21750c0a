// The directories of src/, which of them may import which, and a test that the code keeps to it. The lint rules in
// .oxlintrc.json report the same in an editor; the last test compares the two.
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

// From the bottom up. A directory imports from the directories named here and from no other; a package that a directory
// owns is imported nowhere else.
const plan: Record<string, { leansOn: string[]; owns?: string[] }> = {
  kit: { leansOn: [] },
  domain: { leansOn: ['kit'] },
  snapshot: { leansOn: ['domain', 'kit'] },
  provider: { leansOn: ['domain', 'kit'] },
  archive: { leansOn: ['domain', 'kit'], owns: ['kysely', 'pg', 'node:sqlite'] },
  store: { leansOn: ['snapshot', 'domain', 'kit'], owns: ['ioredis'] },
  search: { leansOn: ['snapshot', 'domain', 'kit'] },
  telemetry: { leansOn: ['kit'], owns: ['prom-client', 'pino', 'pino-pretty', '@opentelemetry'] },
  http: { leansOn: ['search', 'telemetry', 'domain', 'kit'], owns: ['express'] },
  'variables.ts': { leansOn: ['store', 'kit'] },
  'config-fault.ts': { leansOn: ['provider', 'kit'] },
  'config.ts': { leansOn: ['variables.ts', 'config-fault.ts', 'provider', 'store', 'domain', 'kit'] },
  actor: { leansOn: ['store', 'archive', 'telemetry', 'config.ts', 'config-fault.ts', 'kit'] },
  api: { leansOn: ['actor', 'http', 'search', 'telemetry', 'store', 'snapshot', 'config.ts', 'kit'] },
  ingest: {
    leansOn: ['actor', 'telemetry', 'store', 'archive', 'provider', 'snapshot', 'domain', 'config.ts', 'kit'],
  },
  supervisor: {
    leansOn: ['actor', 'http', 'telemetry', 'config.ts', 'config-fault.ts', 'kit'],
  },
  commands: {
    leansOn: [
      'ingest',
      'actor',
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
  'main.ts': { leansOn: ['supervisor', 'actor', 'config-fault.ts', 'config.ts', 'kit'] },
};
const rooms = Object.keys(plan);
const readsEnvironment = new Set(['config.ts', 'main.ts', 'actor', 'commands']);
const linesMax = 250;
const [filesMax, directoryLinesMax] = [20, 1900];

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  path: string; // from src/, with forward slashes
  room: string;
  code: string; // without comments
  lines: number;
  imports: string[]; // as written
}

async function readHouse(): Promise<Source[]> {
  const sources: Source[] = [];
  for await (const path of glob('**/*.ts', { cwd: join(root, 'src') })) {
    const text = await readFile(join(root, 'src', path), 'utf8');
    const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
    const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1]!);
    sources.push({
      path,
      room: path.split('/')[0]!,
      code,
      lines: text.trimEnd().split('\n').length,
      imports,
    });
  }
  return sources.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is wrong with this import in this room, if anything. */
function wrong(room: string, specifier: string): string | undefined {
  if (specifier.startsWith('#/')) {
    const other = specifier.split('/')[1]!;
    const allowed = other === room || plan[room]!.leansOn.includes(other);
    return allowed ? undefined : `${room} may not lean on ${other}`;
  }
  if (specifier.startsWith('../')) return 'a room is left by #/room/file.ts, never by ../';
  const owner = rooms.find((name) =>
    plan[name]!.owns?.some((owned) => specifier === owned || specifier.startsWith(`${owned}/`)),
  );
  return owner === undefined || owner === room ? undefined : `${specifier} belongs to ${owner}`;
}

/** The path from src/ of the file that an import names; nothing for a package. */
function target(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('#/')) return specifier.slice(2);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(source.path), specifier);
  return undefined;
}

const house = await readHouse();

test('every file is in a room of the plan', (t) => {
  t.deepEqual(
    house.filter((source) => plan[source.room] === undefined).map((source) => source.path),
    [],
  );
});

test('every import goes down', (t) => {
  const faults = house
    .filter((source) => plan[source.room] !== undefined)
    .flatMap((source) =>
      source.imports
        .map((specifier) => wrong(source.room, specifier))
        .filter((fault) => fault !== undefined)
        .map((fault) => `src/${source.path}: ${fault}`),
    );
  t.deepEqual(faults, []);
});

test('a neighbour in the same folder is called ./, and every file is called by its whole name', (t) => {
  const faults = house.flatMap((source) =>
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

test('no file imports itself, however long the way round', (t) => {
  const edges = new Map(
    house.map((source) => [source.path, source.imports.flatMap((name) => target(source, name) ?? [])]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  t.deepEqual(cycles, []);
});

test(`no directory has more than ${filesMax} files or ${directoryLinesMax} lines`, (t) => {
  const sizes = new Map<string, { files: number; lines: number }>();
  for (const { path, lines } of house) {
    const size = sizes.get(posix.dirname(path)) ?? { files: 0, lines: 0 };
    sizes.set(posix.dirname(path), { files: size.files + 1, lines: size.lines + lines });
  }
  const large = [...sizes].filter(([, { files, lines }]) => files > filesMax || lines > directoryLinesMax);
  t.deepEqual(
    large.map(([path, { files, lines }]) => `src/${path}: ${files} files, ${lines} lines`),
    [],
  );
});

test(`no file is longer than ${linesMax} lines`, (t) => {
  const long = house.filter((source) => source.lines > linesMax);
  t.deepEqual(
    long.map((source) => `src/${source.path}: ${source.lines} lines`),
    [],
  );
});

test('only the top directories read the environment', (t) => {
  const readers = house.filter(
    ({ room, code }) =>
      !readsEnvironment.has(room) && /\bprocess\.env\b|\benv\b.*from 'node:process'/.test(code),
  );
  t.deepEqual(
    readers.map((source) => `src/${source.path}`),
    [],
  );
});

/** Runs oxlint with our configuration over a house of probes; answers `room: import` of every import refused. */
async function lint(probes: Map<string, string[]>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-floors-'));
  try {
    const config = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8'));
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} })); // without types: fast
    await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    const roomOf = new Map<string, string>();
    for (const [room, specifiers] of probes) {
      const path = room.endsWith('.ts') ? `src/${room}` : `src/${room}/probe.ts`;
      roomOf.set(path, room);
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
        const room = roomOf.get(filename.replaceAll('\\', '/'))!;
        return `${room}: ${probes.get(room)![labels[0]!.span.line - 1]}`;
      });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the lint rules refuse what the plan refuses, and nothing else', async (t) => {
  const specifiers = [
    ...rooms.map((room) => (room.endsWith('.ts') ? `#/${room}` : `#/${room}/thing.ts`)),
    ...rooms
      .flatMap((room) => plan[room]!.owns ?? [])
      .map((name) => (name.startsWith('@') ? `${name}/api` : name)),
    '../kit/thing.ts',
    'node:fs',
    'zod',
  ];
  const probes = new Map(
    rooms.map((room) => [room, specifiers.filter((name) => name !== `#/${room}`)] as const),
  );
  const expected = [...probes].flatMap(([room, names]) =>
    names.filter((name) => wrong(room, name) !== undefined).map((name) => `${room}: ${name}`),
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
