// What the pictures of README and the guides show, as a digest for each part: a test compares it with what they were taken of.

import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pageOf } from '#/http/pages/page.ts';

export const picturesDirectory = fileURLToPath(new URL('../../ops/guides/images/', import.meta.url));
/** Written with the pictures. */
export const sourcesFile = `${picturesDirectory}sources.json`;

/** Pages as browsers get them, so that a file that no page has does not count; and what the pictures are taken of and with. */
export async function pictureSources(): Promise<Readonly<Record<string, string>>> {
  const parts: Record<string, string> = {};
  for (const name of ['search', 'console']) parts[name] = JSON.stringify(pageOf(name));
  for (const file of ['_host.ts', '_screenshots.ts'])
    parts[file] = await readFile(new URL(file, import.meta.url), 'utf8');
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, hash('sha256', text)]));
}
