// The data directory of this host: before anything starts it is created if missing, checked, and locked for one system.

import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Locked, lockUntilExit } from '#/archive/directory-lock.ts';
import { ConfigError, faultOf } from '#/config-fault.ts';
import type { Config, Role } from '#/config.ts';
import { messageOf } from '#/kit/errors.ts';
import { isMissing } from '#/kit/files.ts';

/** Files and directories of Marquee in it: a run as another user may have left them unwritable. */
const contents = [
  'archive.sqlite',
  'archive.sqlite-wal',
  'archive.sqlite-shm',
  'audit.jsonl',
  'audit.jsonl.1',
  'bodies',
  'diagnostics',
  'last-good',
  'snapshots',
  'snapshots/current',
  'snapshots/manifests',
  'snapshots/segments',
];

type Claimed = Pick<Config, 'dataDir' | 'archiveUrl'>;

/**
 * Locks the directory, and an SQLite archive outside it, until this process exits: one process per role may use it. `name` is
 * the variable or option that names the directory. Throws ConfigError when the directory cannot be used, or is in use.
 */
export async function claimDataDir(
  { dataDir, archiveUrl }: Claimed,
  roles: readonly Role[],
  now: () => number,
  name = 'DATA_DIR',
): Promise<void> {
  expectUsable(name, dataDir);
  for (const role of roles) await claim(name, dataDir, join(dataDir, `${role}.lock`), now);
  const archive = /^sqlite:(?!:memory:$)(.+)$/s.exec(archiveUrl)?.[1];
  if (archive === undefined || !roles.includes('ingest') || dirname(archive) === join(dataDir)) return;
  await claim('ARCHIVE_URL', archiveUrl, `${archive}.lock`, now);
}

async function claim(variable: string, value: string, path: string, now: () => number): Promise<void> {
  try {
    await lockUntilExit(path, now);
  } catch (error) {
    const expected =
      error instanceof Locked
        ? `expected one that no other Marquee uses: ${error.message}`
        : `expected a location where files can be written and locked: ${messageOf(error)}`;
    throw new ConfigError([faultOf(variable, value, expected)]);
  }
}

function expectUsable(variable: string, dataDir: string): void {
  const all = constants.R_OK | constants.W_OK;
  try {
    if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new Error('it is a file');
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, all | constants.X_OK);
  } catch (error) {
    const expected = `expected a directory that ${nameOfUser()} can write to: ${messageOf(error)}`;
    throw new ConfigError([faultOf(variable, dataDir, expected)]);
  }
  const faults = contents.flatMap((name) => {
    try {
      accessSync(join(dataDir, name), all);
      return [];
    } catch (error) {
      if (isMissing(error)) return [];
      return [
        faultOf(
          'DATA_DIR',
          dataDir,
          `expected ${name} in it writable for ${nameOfUser()}: ${messageOf(error)}`,
        ),
      ];
    }
  });
  if (faults.length > 0) throw new ConfigError(faults);
}

const nameOfUser = (): string => `the user ${process.getuid?.() ?? 'of this process'}`;
