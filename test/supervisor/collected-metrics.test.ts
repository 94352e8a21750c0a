// The supervisor's counters start at 0: Prometheus does not see an increase when a series appears with its first value.

import test from 'ava';
import { createCollectedMetrics } from '#/supervisor/collected-metrics.ts';

test('every kind of exit is counted from 0, for each process', async (t) => {
  const watching = createCollectedMetrics({ workers: () => [], ingest: () => null, announced: () => null });
  const worker = watching.forSlot('0');
  watching.forSlot('ingest');
  const count = async (slot: string, reason: string): Promise<string | undefined> => {
    const { text } = await watching.expose('');
    return new RegExp(`^marquee_restarts_total\\{slot="${slot}",reason="${reason}"\\} (\\d+)$`, 'm').exec(
      text,
    )?.[1];
  };
  for (const slot of ['0', 'ingest'])
    for (const reason of ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'exit', 'hung', 'other'])
      t.is(await count(slot, reason), '0', `${slot} ${reason}`);
  for (const reason of ['SIGKILL', 'exit code 1', 'silent for 5 s', 'SIGUSR2']) worker.died(reason);
  for (const reason of ['SIGKILL', 'exit', 'hung', 'other']) t.is(await count('0', reason), '1', reason);
  t.is(await count('0', 'SIGSEGV'), '0');
  const { text } = await watching.expose('');
  for (const source of ['archive', 'lease', 'publish'])
    t.true(text.includes(`marquee_ingest_trouble{source="${source}"} 0`), source);
});

test('a host without ingest has no sample of it: a 0 would be an alert', async (t) => {
  const host = {
    ingest: null as { ready: boolean } | null,
    announced: null as { version: number } | null,
  };
  const watching = createCollectedMetrics({
    workers: () => [],
    ingest: () => host.ingest,
    announced: () => host.announced,
  });
  const samples = async (): Promise<string[]> =>
    (await watching.expose('')).text.match(/^marquee_(ingest_up|snapshot_announced_version)\b.*$/gm) ?? [];
  t.deepEqual(await samples(), []);
  host.ingest = { ready: false };
  t.deepEqual(await samples(), ['marquee_ingest_up 0']);
  host.ingest = { ready: true };
  host.announced = { version: 7 };
  t.deepEqual(await samples(), ['marquee_ingest_up 1', 'marquee_snapshot_announced_version 7']);
  host.ingest = host.announced = null;
  t.deepEqual(await samples(), []);
});
