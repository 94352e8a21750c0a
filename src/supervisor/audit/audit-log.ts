// The actions of operators, as lines of JSON in DATA_DIR/audit.jsonl. Two files at most: a full one replaces the one before.

import { appendFile, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '#/http/access/action.ts';
import { messageOf } from '#/kit/errors.ts';
import { isMissing } from '#/kit/files.ts';
import type { Log } from '#/telemetry/log.ts';

export interface AuditLog {
  /** Returns at once. An action that cannot be written is reported to `failed`, with the action. */
  record(action: Action): void;
  /** The newest `limit` actions, the newest first. Lines that cannot be read are left out. */
  newest(limit: number): Promise<readonly Action[]>;
}

export interface AuditLogOptions {
  /** Of each of the two files. */
  readonly bytesMax?: number;
  readonly failed: (message: string) => void;
}

/** The log in a data directory. */
export const auditLogIn = (dataDir: string, log: Pick<Log, 'error'>): AuditLog =>
  createAuditLog(join(dataDir, 'audit.jsonl'), { failed: (message) => log.error(`audit log: ${message}`) });

/** Actions that wait for the disk. Further ones are not written, and reported. */
const waitingMax = 1000;

export function createAuditLog(path: string, { bytesMax = 1_000_000, failed }: AuditLogOptions): AuditLog {
  const before = `${path}.1`;
  let waiting = 0;
  let last = Promise.resolve();

  async function write(line: string): Promise<void> {
    if ((await sizeOf(path)) + line.length > bytesMax) await rename(path, before).catch(unlessMissing);
    await appendFile(path, line, { mode: 0o600 });
  }

  return {
    record(action) {
      const line = `${JSON.stringify(action)}\n`;
      if (waiting === waitingMax) {
        failed(`the disk does not keep up: ${line.trim()}`);
        return;
      }
      waiting++;
      last = last
        .then(() => write(line))
        .catch((error: unknown) => failed(`${messageOf(error)}: ${line.trim()}`))
        .finally(() => waiting--);
    },
    async newest(limit) {
      await last;
      const texts = await Promise.all([before, path].map(textOf));
      const lines = texts.join('').split('\n').filter(Boolean).slice(-limit);
      return lines.flatMap((line) => actionOf(line)).toReversed();
    },
  };
}

function actionOf(line: string): Action[] {
  try {
    return [JSON.parse(line) as Action];
  } catch {
    // The system stopped while it wrote.
    return [];
  }
}

const unlessMissing = (error: unknown): void => {
  if (!isMissing(error)) throw error;
};

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    (error: unknown) => (unlessMissing(error), 0),
  );

const textOf = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => (unlessMissing(error), ''));
