// A temporary directory in memory. The tests write small files and synchronize each of them, as Marquee does: on a disk, they
// wait for it most of the time. No test simulates a loss of power, so none of them needs the disk.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const memory = '/dev/shm';
const prefix = 'marquee-tests-';
const gibibyte = 1024 ** 3;
/** The tests keep less than 1 GiB at a time. */
const least = { free: 4 * gibibyte, available: 8 * gibibyte };

export interface MemoryDirectory {
  readonly path: string;
  remove(): void;
}

/** It is removed when this process exits. Null where there is no such file system, too little memory, or no permission to run programs in it. */
export function openMemoryDirectory(): MemoryDirectory | null {
  try {
    if (freeBytes() < least.free || process.availableMemory() < least.available) return null;
    removeAbandoned();
    const path = join(memory, `${prefix}${process.pid}`);
    mkdirSync(path);
    const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    process.once('exit', remove);
    // A database server runs as another user.
    chmodSync(path, 0o755);
    if (runsPrograms(path)) return { path, remove };
    remove();
  } catch {
    // There is no such file system, or it is read-only.
  }
  return null;
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize;
}

/** What a run left that was killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(memory)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0;
    if (pid > 0 && !lives(pid)) rmSync(join(memory, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    // A zombie has ended too.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Containers often mount it with `noexec`. */
function runsPrograms(directory: string): boolean {
  const program = join(directory, 'program');
  writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}
