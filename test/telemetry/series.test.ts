// Series that exist from the start, for a provider that never answers.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { directoryFor, startSystem, until } from '../system/_system.ts';

test('a provider whose first run never ends has all of its counters, and an age', async (t) => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const system = await startSystem(t, {
    DATA_DIR: await directoryFor(t),
    PROVIDER_URL: url,
    API_WORKERS: '1',
  });
  let text = '';
  await until('it is asked', async () => {
    text = await system.metrics();
    return text.includes('marquee_provider_asked_since_timestamp_seconds{');
  });
  const value = (name: string, labels: Readonly<Record<string, string>>): string | undefined => {
    const wanted = Object.entries(labels).map(([label, content]) => `${label}="${content}"`);
    const found = text.split('\n').filter((line) => line.startsWith(`${name}{`));
    return found.find((line) => wanted.every((one) => line.includes(one)))?.split(' ')[1];
  };
  const provider = 'default';
  for (const outcome of ['absorbed', 'unchanged', 'incomplete', 'failed'])
    t.is(value('marquee_feed_runs_total', { provider, outcome }), '0', outcome);
  for (const outcome of ['added', 'changed', 'relisted', 'withdrawn', 'quarantined', 'duplicate'])
    t.is(value('marquee_feed_events_total', { provider, outcome }), '0', outcome);
  for (const outcome of ['unchanged', 'parsed'])
    t.is(value('marquee_feed_records_total', { provider, outcome }), '0', outcome);
  t.is(value('marquee_feed_bytes_total', { provider }), '0');
  t.is(value('marquee_feed_run_duration_seconds_count', { provider }), '0');
  for (const task of ['parse', 'build'])
    t.true(value('marquee_pool_task_duration_seconds_count', { task }) !== undefined, task);
  t.true(Number(value('marquee_provider_poll_interval_max_seconds', { provider })) > 0);
  t.is(value('marquee_provider_last_success_timestamp_seconds', { provider }), undefined);
});
