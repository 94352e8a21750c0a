// A small file system that a test fills. Mounting needs a permission that not every machine grants.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export interface SmallDisk {
  readonly path: string;
  /** Leaves no free byte. */
  fill(): Promise<void>;
  empty(): Promise<void>;
}

/** Whether a tmpfs can be mounted here; if not, prints the reason once per file. */
export function disksMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'marquee-disk-'));
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], {
    encoding: 'utf8',
  });
  if (status === 0) spawnSync('umount', [path]);
  else {
    const why = error?.message ?? stderr.trim();
    process.stderr.write(`\nSKIPPED: no disk can be mounted here (${why}), so a full one is NOT TESTED.\n\n`);
  }
  rmdirSync(path);
  return status === 0;
}

export async function smallDiskFor(
  t: ExecutionContext,
  directory: string,
  megabytes: number,
): Promise<SmallDisk> {
  const path = join(directory, 'disk');
  await mkdir(path);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`mount: ${stderr}`);
  const unmount = (): void => void spawnSync('umount', ['--lazy', path]);
  process.once('exit', unmount);
  t.teardown(() => {
    unmount();
    process.off('exit', unmount);
  });
  const filling = join(path, 'filling');
  return {
    path,
    async fill() {
      for (;;) {
        const { bavail, bsize } = await statfs(path);
        if (bavail === 0) return;
        await writeFile(filling, Buffer.alloc(bavail * bsize), { flag: 'a' }).catch(() => undefined);
      }
    },
    empty: () => truncate(filling),
  };
}
