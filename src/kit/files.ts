// Files that are either complete or absent, even after a crash or a loss of power.

import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes `bytes` to `path` through a temporary file next to it: write, fsync, rename, fsync the directory.
 * A reader sees the old file or the complete new one. Throws file system errors (ENOSPC, EACCES …).
 */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** The same for what can be made again: a loss of power may leave the file empty or damaged, and its reader must check it. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

const partMax = 1_000_000;

/** At most `length` bytes of a file from an offset; fewer at its end. */
export async function readPart(path: string, from: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    // A large buffer is not allocated for a small file.
    const most = length > partMax ? (await file.stat()).size - from : length;
    const wanted = Math.max(0, Math.min(length, most));
    const { buffer, bytesRead } = await file.read(new Uint8Array(wanted), 0, wanted, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Makes the entries of a directory (a rename, a new file) durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
