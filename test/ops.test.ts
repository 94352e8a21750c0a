// What no program of ours reads before it is too late: the files that others run the system by.
import { execFile } from 'node:child_process';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = async (path: string): Promise<string> => await readFile(join(root, path), 'utf8');
const readYaml = async <T>(path: string): Promise<T> => parse(await read(path), { merge: true }) as T;
const readJson = async <T>(path: string): Promise<T> => JSON.parse(await read(path)) as T;

interface Service {
  build: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  expose?: string[];
  read_only: boolean;
  healthcheck: { test?: string[]; disable?: boolean };
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
}
interface Providers {
  providers: { name: string; url: string; format: string; timeZone: string; pollSeconds: number }[];
}
interface Manifest {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  engines: { node: string };
}

/** The instructions of a Dockerfile, continued lines joined, comments gone. */
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

test('compose publishes the search and the admin port on this machine only', async (t) => {
  const { services } = await readYaml<Compose>('docker-compose.yml');
  t.deepEqual(services.marquee!.ports, ['127.0.0.1:8000:8000', '127.0.0.1:9000:9000']);
  for (const [name, service] of Object.entries(services)) {
    const open = (service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'));
    t.deepEqual(open, [], `${name} is open to the network`);
  }
});

test('compose builds, mounts and runs files that exist', async (t) => {
  const { services, volumes } = await readYaml<Compose>('docker-compose.yml');
  for (const service of Object.values(services)) {
    await t.notThrowsAsync(access(join(root, service.build.context, service.build.dockerfile)));
    t.true(service.read_only);
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0]!;
      if (source.startsWith('.')) await t.notThrowsAsync(access(join(root, source)), volume);
      else t.true(source in volumes, `Got volume ${source}, expected it declared.`);
    }
    for (const script of (service.command ?? []).filter((word) => word.endsWith('.ts'))) {
      await t.notThrowsAsync(access(join(root, script)), script);
    }
  }
});

test('compose tells the system where its providers and its data are', async (t) => {
  const { services } = await readYaml<Compose>('docker-compose.yml');
  const { environment = {}, volumes = [], healthcheck } = services.marquee!;
  const mounted = (path: string): boolean => volumes.some((volume) => volume.split(':')[1] === path);
  t.true(mounted(environment.DATA_DIR!));
  t.true(mounted(environment.PROVIDERS_FILE!));
  t.regex(healthcheck.test!.join(' '), /127\.0\.0\.1:9000\/livez/);

  const { providers } = await readJson<Providers>('ops/compose/providers.json');
  const { hostname, port } = new URL(providers[0]!.url);
  t.true(services[hostname]!.expose!.includes(port));
  t.true(services[hostname]!.command!.includes(port));
});

test('the two provider files differ in the address alone', async (t) => {
  const here = await readJson<Providers>('ops/providers.json');
  const there = await readJson<Providers>('ops/compose/providers.json');
  const strip = ({ providers }: Providers) =>
    providers.map(({ url, ...rest }) => [rest, new URL(url).pathname]);
  t.deepEqual(strip(here), strip(there));
});

test('the image copies what exists and what .dockerignore lets in', async (t) => {
  const instructions = await readDockerfile('ops/Dockerfile');
  const letIn = (await read('.dockerignore')).split('\n').flatMap((line) => /^!(.+)$/.exec(line)?.[1] ?? []);
  const copied = instructions
    .filter(([name, rest]) => name === 'COPY' && !rest.includes('--from='))
    .flatMap(([, rest]) => rest.split(/\s+/).slice(0, -1));
  t.true(copied.length > 0);
  for (const source of copied) {
    await t.notThrowsAsync(access(join(root, source)), source);
    t.true(letIn.includes(source), `Got ${source} copied, expected it in .dockerignore.`);
  }
  for (const source of letIn) await t.notThrowsAsync(access(join(root, source)), source);
});

test('the image runs the Node of package.json as nobody special, and is watched', async (t) => {
  const instructions = await readDockerfile('ops/Dockerfile');
  const last = (name: string): string => instructions.findLast(([found]) => found === name)?.[1] ?? '';
  const { engines, devDependencies } = await readJson<Manifest>('package.json');
  const major = devDependencies.node!.split('.')[0]!;
  t.is(engines.node, `>=${major}`);
  t.true(last('FROM').startsWith(`node:${major}-slim`));
  t.is(last('USER'), 'node');
  t.deepEqual(JSON.parse(last('CMD')), ['node', 'src/main.ts']);
  t.regex(last('HEALTHCHECK'), /127\.0\.0\.1:9000\/livez/);
  t.regex(last('ENV'), /ADMIN_HOST=0\.0\.0\.0/);
});

test('continuous integration runs .ci/run with the right to read, and no more', async (t) => {
  const ci = await readYaml<Workflow>('.github/workflows/ci.yml');
  const codeql = await readYaml<Workflow>('.github/workflows/codeql.yml');
  t.deepEqual(ci.permissions, { contents: 'read' });
  t.deepEqual(codeql.permissions, { contents: 'read' });
  const steps = Object.values(ci.jobs).flatMap((job) => job.steps);
  t.true(steps.some((step) => step.run?.includes('.ci/run')));
  const uses = Object.values(codeql.jobs).flatMap((job) => job.steps.map((step) => step.uses ?? ''));
  t.true(uses.some((action) => action.startsWith('github/codeql-action/analyze@')));

  const { updates } = await readYaml<{ updates: { directory: string }[] }>('.github/dependabot.yml');
  for (const { directory } of updates) await t.notThrowsAsync(access(join(root, directory)), directory);

  t.true(((await stat(join(root, '.ci/run'))).mode & constants.S_IXUSR) !== 0);
  await t.notThrowsAsync(promisify(execFile)('bash', ['-n', join(root, '.ci/run')]));
});

test('the Makefile keeps its promises, and make alone lists them', async (t) => {
  const { stdout } = await promisify(execFile)('make', ['--no-print-directory'], { cwd: root });
  for (const target of ['help', 'run', 'test', 'load', 'lint', 'format', 'clean']) {
    t.regex(stdout, new RegExp(`^ +make ${target} +\\S`, 'm'));
  }
});

test('every npm script that names a file names one that exists', async (t) => {
  const { scripts } = await readJson<Manifest>('package.json');
  for (const [name, command] of Object.entries(scripts)) {
    const file = /^node (\S+\.ts)/.exec(command)?.[1];
    if (file !== undefined) await t.notThrowsAsync(access(join(root, file)), `npm run ${name}`);
  }
});

test('every package is asked for by its exact version, and the lock agrees', async (t) => {
  const { dependencies, devDependencies } = await readJson<Manifest>('package.json');
  const lock = await readJson<{ packages: Record<string, { version: string }> }>('package-lock.json');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    t.regex(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
    t.is(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});
