// The files in ops/, read in the way of the programs that use them.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig, type Config } from '#/config.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const read = async (path: string): Promise<string> => await readFile(join(root, path), 'utf8');
export const readJson = async <T>(path: string): Promise<T> => JSON.parse(await read(path)) as T;
export const readYaml = async <T>(path: string): Promise<T> => parse(await read(path), { merge: true }) as T;

export interface PackageFile {
  version: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  engines: { node: string };
}

export interface ProvidersFile {
  providers: { name: string; url: string; format: string; timeZone: string; pollSeconds: number }[];
}

/** Every document of a YAML text; throws when it does not parse or repeats a key. */
export function documentsOf<T>(text: string): T[] {
  return parseAllDocuments(text).map((document) => {
    if ('errors' in document && document.errors.length > 0) throw document.errors[0]!;
    return (document as { toJS(): T }).toJS();
  });
}

/** Paths of all files below `folder`, from the root of the repository. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .toSorted();
}

/** The configuration from the variables of a container, with `providersFile` of this repository as its providers file. */
export const configOf = (env: Record<string, string>, providersFile: string): Config =>
  readConfig({ ...env, PROVIDERS_FILE: join(root, providersFile) });

/** How long the supervisor waits for each role to stop before SIGKILL. */
export async function stopSeconds(): Promise<number> {
  const found = /^const stopMs = ([\d_]+);/m.exec(await read('src/supervisor/supervisor.ts'))?.[1];
  if (found === undefined) throw new Error('Got no stopMs in src/supervisor/supervisor.ts, expected one.');
  return Number(found.replaceAll('_', '')) / 1000;
}

/** The output of a tool; null when it is not installed. Throws its error output when it fails. */
export async function run(tool: string, ...args: string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)(tool, args, { cwd: root, maxBuffer: 2 ** 24 })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
