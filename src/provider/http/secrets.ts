// The variables and files that the providers file refers to.

import { statSync } from 'node:fs';
import { readTextFile } from '#/kit/command-line/text-file.ts';
import type { Secrets } from './credentials.ts';

const secretBytesMax = 65_536;

export const secretsIn = (given: NodeJS.ProcessEnv): Secrets => ({
  variable: (name) => given[name],
  file(path) {
    const { size } = statSync(path);
    if (size > secretBytesMax) throw new Error(`Got ${size} bytes, expected at most ${secretBytesMax}.`);
    return readTextFile(path);
  },
});
