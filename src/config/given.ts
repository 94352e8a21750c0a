// The variables that are given: those of the environment, those of `ENV_FILE`, and secrets from the files that `NAME_FILE` names.

import { statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, faultOf } from '#/config-fault.ts';
import { messageOf } from '#/kit/errors.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import { readTextFile } from '#/kit/command-line/text-file.ts';
import { variables } from '#/variables.ts';

const secretBytesMax = 65_536;

/** `ARCHIVE_URL_FILE` for `ARCHIVE_URL`. */
const fileOf = (name: string): string => `${name}_FILE`;
/** The variables that may contain a secret. */
export const secretNames = Object.entries(variables).flatMap(([name, { isSecret }]) =>
  isSecret ? [name] : [],
);
const names = [...Object.keys(variables), ...secretNames.map(fileOf)];

/** The variables that `ENV_FILE` may set in addition to Marquee's own; the providers file refers to them. */
const ofProviders = /^SECRET_\w+$/;

/** An empty variable counts as not set. Throws ConfigError. */
export function givenVariables(set: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return withSecrets(withFile(nonEmpty(set)));
}

/** What a fault shows of a variable: never what a file of a secret contains. */
export function shownValue(given: NodeJS.ProcessEnv, name: string): string | undefined {
  if (given[fileOf(name)] !== undefined) return 'a value from a file';
  return name === 'ADMIN_TOKEN' && given[name] !== undefined ? 'a secret' : given[name];
}

/** The text of a file of a secret. Throws when it cannot be read, or is too large. */
export function readSecretFile(path: string): string {
  const { size } = statSync(path);
  if (size > secretBytesMax) throw new Error(`Got ${size} bytes, expected at most ${secretBytesMax}.`);
  return readTextFile(path);
}

const nonEmpty = (set: NodeJS.Dict<string>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(set).filter(([, value]) => value !== ''));

/** Adds the variables of `ENV_FILE`. An unknown name in it is a fault: unlike the environment, the file is only for Marquee. */
function withFile(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = given['ENV_FILE'];
  if (path === undefined) return given;
  let fromFile: NodeJS.Dict<string>;
  try {
    fromFile = parseEnv(readTextFile(path));
  } catch (error) {
    throw new ConfigError([faultOf('ENV_FILE', path, `expected a readable file: ${messageOf(error)}`)]);
  }
  const unknown = Object.keys(fromFile).filter(
    (name) => (!names.includes(name) && !ofProviders.test(name)) || name === 'ENV_FILE',
  );
  if (unknown.length > 0)
    throw new ConfigError(
      unknown.map((name) => {
        const meant = didYouMean(name, names);
        return faultOf(`ENV_FILE ${path}`, name, `expected a variable of Marquee.${meant}`);
      }),
    );
  return { ...nonEmpty(fromFile), ...given };
}

/** Adds each secret whose file is given. No fault shows what a file contains. */
function withSecrets(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const filled = { ...given };
  const faults: string[] = [];
  for (const name of secretNames) {
    const path = given[fileOf(name)];
    if (path === undefined) continue;
    if (given[name] !== undefined)
      faults.push(faultOf(fileOf(name), path, `expected either ${name} or ${fileOf(name)}`));
    try {
      const value = readSecretFile(path).trim();
      if (value === '') faults.push(faultOf(fileOf(name), path, 'expected a file with a value'));
      else filled[name] = value;
    } catch (error) {
      faults.push(faultOf(fileOf(name), path, `expected a readable file: ${messageOf(error)}`));
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return filled;
}
