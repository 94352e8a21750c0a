// `npm run release -- VERSION`: writes a new version wherever the repository names it. It runs no git command.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { versionOfPackage } from '#/kit/command-line/version.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const help = `Usage: npm run release -- VERSION [--help] [--version]

Writes VERSION to package.json, package-lock.json, the label of the image and the Kubernetes manifests, and makes the newest
entry of ops/CHANGELOG.md that of the release. Then prints the commands that commit and tag it.

VERSION is MAJOR.MINOR.PATCH and higher than the present one. A release is MAJOR when a client or an operator must change
something (answers, parameters, variables, metrics, the way back to the older release), MINOR when it adds something, PATCH
otherwise.
`;

/** Each place that names the version; `before` and `after` enclose it. Every place must exist. */
interface Place {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const places: readonly Place[] = [
  { path: 'package.json', before: '"version": "', after: '"' },
  { path: 'package-lock.json', before: '"name": "marquee",\n  "version": "', after: '"' },
  { path: 'package-lock.json', before: '"name": "marquee",\n      "version": "', after: '"' },
  { path: 'ops/Dockerfile', before: 'org.opencontainers.image.version=', after: ' ' },
  { path: 'ops/kubernetes/base/api/deployment.yaml', before: 'image: marquee:', after: '\n' },
  { path: 'ops/kubernetes/base/ingest/deployment.yaml', before: 'image: marquee:', after: '\n' },
  { path: 'ops/kubernetes/overlays/example/kustomization.yaml', before: 'newTag: ', after: '\n' },
];
const changelog = 'ops/CHANGELOG.md';

/** Whether `next` is higher than `version`. Null when it is not a version. */
export function isHigher(next: string, version: string): boolean | null {
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(next)) return null;
  const [a, b] = [next, version].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = a.findIndex((part, i) => part !== b[i]);
  return at !== -1 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** The changed files by path. Throws when a place does not name the present version, or names it more than once. */
export async function released(
  version: string,
  next: string,
  today: string,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const read = async (path: string): Promise<string> =>
    files.get(path) ?? (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n');
  for (const { path, before, after } of places) {
    const parts = (await read(path)).split(`${before}${version}${after}`);
    if (parts.length !== 2)
      throw new Error(`Got ${before}${version} ${parts.length - 1} times in ${path}, expected 1.`);
    files.set(path, parts.join(`${before}${next}${after}`));
  }
  const text = await read(changelog);
  const heading = /^## (\d{4}-\d\d-\d\d)$/m.exec(text);
  if (heading === null || text.indexOf('\n## ') !== heading.index - 1)
    throw new Error(`Got no unreleased entry at the top of ${changelog}, expected a heading with a date.`);
  files.set(changelog, text.replace(heading[0], `## ${next}, ${today}`));
  return files;
}

async function release(next: string): Promise<number> {
  const version = versionOfPackage();
  const higher = isHigher(next, version);
  if (higher === null) throw new UsageError(`Got ${next}, expected MAJOR.MINOR.PATCH.`);
  if (!higher) throw new UsageError(`Got ${next}, expected a version higher than ${version}.`);
  const files = await released(version, next, new Date().toISOString().slice(0, 10));
  for (const [path, text] of files) await writeFile(join(root, path), text);
  process.stdout.write(
    `${version} → ${next} in ${[...files.keys()].join(', ')}\n\nmake test && git commit -am 'Release ${next}' && git tag -a v${next} -m 'Marquee ${next}'\n`,
  );
  return 0;
}

if (import.meta.main)
  process.exitCode = await runCommand(
    process.argv.slice(2),
    { help, options: {}, operands: 'VERSION' },
    async (_, [next, ...more]) => {
      if (next === undefined || more.length > 0) throw new UsageError('Got no version, expected one.');
      return release(next);
    },
  );
