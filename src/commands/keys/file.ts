// The file of API keys, as the commands read and write it.

import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { parseKeys, type KeyEntry } from '#/access/keys-file.ts';
import { ConfigError, faultOf } from '#/config-fault.ts';
import { UsageError } from '#/kit/command-line/command.ts';
import { readTextFile } from '#/kit/command-line/text-file.ts';
import { writeDurably } from '#/kit/files.ts';

/** The option of every command. */
export const fileOption = { file: { type: 'string' } } as const;
export const fileHelp = '  --file PATH     the file of keys; default: the variable API_KEYS_FILE';

/** Throws UsageError when neither names a file. */
export function fileOf(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const path = given ?? environment['API_KEYS_FILE'] ?? '';
  if (path === '') throw new UsageError('Got no file, expected --file=PATH or the variable API_KEYS_FILE.');
  return path;
}

/** Empty for a file that does not exist. Throws ConfigError when it is not valid. */
export function readEntries(path: string): readonly KeyEntry[] {
  if (!existsSync(path)) return [];
  const read = parseKeys(readTextFile(path));
  if ('entries' in read) return read.entries;
  throw new ConfigError(read.faults.map((fault) => faultOf('API_KEYS_FILE', path, fault)));
}

/** Readable by its owner only, at any moment the old or the new content. */
export async function writeEntries(path: string, keys: readonly KeyEntry[]): Promise<void> {
  const mask = process.umask(0o077);
  try {
    await writeDurably(path, `${JSON.stringify({ keys }, null, 2)}\n`);
  } finally {
    process.umask(mask);
  }
  await chmod(path, 0o600);
}
