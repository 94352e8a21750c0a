import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Action } from '#/http/access/action.ts';
import { createAuditLog } from '#/supervisor/audit/audit-log.ts';
import { directoryFor } from '../_support/directory.ts';

const actionAt = (i: number): Action => ({
  at: new Date(i).toISOString(),
  by: 'ADMIN_TOKEN',
  from: '127.0.0.1',
  method: 'POST',
  path: `/snapshots/${i}/pin`,
  status: 200,
});

test('the newest actions are first, also after a restart and after a line that was cut off', async (t) => {
  const path = join(await directoryFor(t), 'audit.jsonl');
  const options = { failed: (message: string) => t.fail(message) };
  const log = createAuditLog(path, options);
  t.deepEqual(await log.newest(5), []);
  for (let i = 1; i <= 3; i++) log.record(actionAt(i));
  t.deepEqual(await log.newest(2), [actionAt(3), actionAt(2)]);
  await appendFile(path, '{"at":"20\n');
  const restarted = createAuditLog(path, options);
  restarted.record(actionAt(4));
  t.deepEqual(await restarted.newest(5), [actionAt(4), actionAt(3), actionAt(2), actionAt(1)]);
  t.is((await stat(path)).mode & 0o777, 0o600);
});

test('the log has two files of a limited size', async (t) => {
  const path = join(await directoryFor(t), 'audit.jsonl');
  const log = createAuditLog(path, { bytesMax: 1000, failed: (message) => t.fail(message) });
  for (let i = 1; i <= 100; i++) log.record(actionAt(i));
  const kept = await log.newest(1000);
  t.true(kept.length > 5 && kept.length < 20, `${kept.length}`);
  t.deepEqual(kept[0], actionAt(100));
  for (const file of [path, `${path}.1`]) t.true((await readFile(file)).length <= 1000);
});

test('an action that cannot be written is reported', async (t) => {
  const path = join(await directoryFor(t), 'audit.jsonl');
  await mkdir(path);
  const failures: string[] = [];
  const log = createAuditLog(path, { failed: (message) => failures.push(message) });
  log.record(actionAt(1));
  await t.throwsAsync(log.newest(1));
  t.is(failures.length, 1);
  t.true(failures[0]!.includes('/snapshots/1/pin'));
});
