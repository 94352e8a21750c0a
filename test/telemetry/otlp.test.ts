// Metrics and logs over OTLP, as a collector receives them: from the thread of the supervisor, and from a running system.

import test, { type ExecutionContext } from 'ava';
import type { OtlpConfig } from '#/config/otlp.ts';
import { createHostExporter, type HostExporter } from '#/supervisor/otlp/host-exporter.ts';
import { createRequestMeter, routes } from '#/telemetry/requests.ts';
import type { Reading } from '#/telemetry/reading.ts';
import { startGrowingFeed } from '../system/_hosts.ts';
import { directoryFor, startSystem, until } from '../system/_system.ts';
import { startReceiver, type ReceivedPoint, type Receiver } from './_receiver.ts';

interface Exported {
  readonly exporter: HostExporter;
  /** Signal and outcome of each export. */
  readonly outcomes: readonly string[];
  readonly reports: readonly string[];
  readonly dropped: () => number;
}

const protocols = ['http/protobuf', 'http/json'] as const;

function exporting(
  t: ExecutionContext,
  { url }: Pick<Receiver, 'url'>,
  protocol: (typeof protocols)[number],
  reading: Reading,
  intervalMs = 3_600_000,
): Exported {
  const outcomes: string[] = [];
  const reports: string[] = [];
  let dropped = 0;
  const endpoint = { protocol, headers: { 'api-key': 'secret' } };
  const config: OtlpConfig = {
    service: 'box-office',
    attributes: { 'deployment.environment.name': 'stage' },
    metrics: { url: `${url}/v1/metrics`, ...endpoint, intervalMs },
    logs: { url: `${url}/v1/logs`, ...endpoint },
  };
  const exporter = createHostExporter(
    config,
    {
      read: () => Promise.resolve(reading),
      exporting: () => undefined,
      exported: (signal, succeeded) => void outcomes.push(`${signal} ${succeeded}`),
      linesDropped: (lines) => void (dropped += lines),
    },
    (_level, text) => void reports.push(text),
  );
  t.teardown(() => exporter.stop());
  return { exporter, outcomes, reports, dropped: () => dropped };
}

const lineOf = (msg: string, more: object = {}): string =>
  JSON.stringify({ level: 40, time: 1_700_000_000_123, actor: 'api', worker: 1, pid: 7, msg, ...more });

const pointsOf = (points: readonly ReceivedPoint[], name: string): ReceivedPoint[] =>
  points.filter((point) => point.name === name);

for (const protocol of protocols)
  test(`${protocol}: a stop sends the last reading and the lines that wait`, async (t) => {
    const receiver = await startReceiver(t);
    const meter = createRequestMeter(() => 0, true);
    meter.count(0, 'GET', 200, 0.0002, null);
    meter.count(0, 'GET', 200, 99, null);
    meter.count(routes.indexOf('other'), 'BREW', 404, 0.001, null);
    const reading = [
      ...meter.read(),
      {
        name: 'process_cpu_user_seconds_total',
        type: 'counter' as const,
        help: 'CPU.',
        values: [{ labels: { slot: '0' }, value: 1.5 }],
      },
      {
        name: 'nodejs_eventloop_lag_mean_seconds',
        type: 'gauge' as const,
        help: 'Lag.',
        values: [{ labels: { slot: '0' }, value: Number.NaN }],
      },
    ];
    const { exporter, outcomes } = exporting(t, receiver, protocol, reading);
    exporter.line(lineOf('zeroth'));
    await until('the thread runs', () => outcomes.includes('logs true'));
    exporter.line(lineOf('first', { trace_id: 'c0ffee00'.repeat(4), err: { type: 'Error' } }));
    exporter.line('not JSON');
    exporter.line(lineOf('second'));
    await exporter.stop();

    t.deepEqual(receiver.faults, []);
    t.deepEqual(new Set(outcomes), new Set(['logs true', 'metrics true']));
    const points = receiver.exports[0]!;
    const [answered, unknown] = pointsOf(points, 'http.server.request.duration');
    t.deepEqual(answered!.attributes, {
      'http.request.method': 'GET',
      'http.route': '/search',
      'http.response.status_code': 200,
    });
    t.like(answered!, { kind: 'histogram', unit: 's', value: 2, isCumulative: true, sum: 99.0002 });
    t.is(answered!.buckets.length, answered!.bounds.length + 1);
    t.deepEqual([answered!.buckets[answered!.bounds.indexOf(0.0002)], answered!.buckets.at(-1)], [1, 1]);
    t.deepEqual(unknown!.attributes, {
      'http.request.method': '_OTHER',
      'http.response.status_code': 404,
    });
    const [cpu] = pointsOf(points, 'process.cpu.time');
    t.like(cpu!, { kind: 'sum', isMonotonic: true, unit: 's', value: 1.5 });
    t.deepEqual(cpu!.attributes, { 'marquee.slot': '0', 'cpu.mode': 'user' });
    t.deepEqual(pointsOf(points, 'nodejs.eventloop.delay.mean'), [], 'a value that is not a number');
    const identity = { 'service.name': 'box-office', 'deployment.environment.name': 'stage' };
    t.like(answered!.resource, identity);

    const [, first, second] = receiver.logs;
    t.is(receiver.logs.length, 3);
    t.like(first!, { body: 'first', severity: 13, severityText: 'warn', traceId: 'c0ffee00'.repeat(4) });
    t.deepEqual(first!.attributes, {
      'marquee.actor': 'api',
      'marquee.slot': 1,
      'process.pid': 7,
      err: '{"type":"Error"}',
    });
    t.like(second!, { body: 'second', traceId: '' });
    t.like(second!.resource, identity);
  });

test('an endpoint that refuses: the first failure and the recovery are reported, lines are dropped within a limit', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer(400);
  const { exporter, outcomes, reports, dropped } = exporting(t, receiver, 'http/protobuf', [], 100);
  const flood = 10_000;
  for (let i = 0; i < flood; i++) exporter.line(lineOf(String(i)));
  // What the queue does not take is dropped at once.
  t.true(dropped() > 0 && dropped() < flood, String(dropped()));
  await until('several exports fail', () => outcomes.filter((one) => one === 'metrics false').length > 2);
  await until('a part of the lines fails', () => outcomes.includes('logs false'));
  receiver.answer(200);
  await until('the rest is sent', () => outcomes.includes('logs true') && outcomes.includes('metrics true'));
  await until('all lines are sent or dropped', () => receiver.logs.length + dropped() === flood);
  const about = (signal: string): string[] => reports.filter((text) => text.startsWith(signal));
  t.regex(about('metrics')[0]!, /^metrics cannot be sent by OTLP: 400 Bad Request$/);
  t.deepEqual(about('metrics').slice(1), ['metrics are sent by OTLP again']);
  t.is(about('logs').length, 2);
  t.true(receiver.logs.length > 0);
});

test('an endpoint that never answers: one export is under way, lines are bounded, and a stop ends', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer(0);
  const { exporter, dropped } = exporting(t, receiver, 'http/json', [], 100);
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 2000; i++) exporter.line(lineOf(`${round} ${i}`));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  t.true(dropped() >= 10_000 - 4096 - 512, String(dropped()));
  await exporter.stop();
});

test('a running system sends the metrics of all processes and, on request, their log lines', async (t) => {
  const [directory, feed, receiver] = [
    await directoryFor(t),
    await startGrowingFeed(t, 20),
    await startReceiver(t),
  ];
  const system = await startSystem(t, {
    DATA_DIR: directory,
    PROVIDER_URL: feed.url,
    POLL_SECONDS: '0.5',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: '300',
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=tickets',
    OTEL_TRACES_EXPORTER: 'none',
  });
  await until('a version is served', async () => (await system.status()).version > 0);
  for (let i = 0; i < 5; i++) await system.search();
  await fetch(`${system.url}/search`, { method: 'HEAD' });
  await fetch(`${system.url}/search?starts_at=never`);
  await fetch(`${system.url}/search`, { method: 'POST' });
  const last = (name: string): ReceivedPoint[] => pointsOf(receiver.exports.at(-1) ?? [], name);
  const answers = (): Record<string, number> =>
    Object.fromEntries(
      last('http.server.request.duration').map(({ attributes, value }) => [
        ['http.request.method', 'http.route', 'http.response.status_code']
          .map((key) => attributes[key])
          .join(' '),
        value,
      ]),
    );
  await until('all answers are exported', () => answers()['POST /search 405'] === 1);
  t.deepEqual(answers(), {
    'GET /search 200': 5,
    'HEAD /search 200': 1,
    'GET /search 400': 1,
    'POST /search 405': 1,
  });
  const slots = (name: string): unknown[] =>
    [...new Set(last(name).map(({ attributes }) => attributes['marquee.slot']))].toSorted();
  for (const name of ['process.cpu.time', 'process.memory.usage', 'nodejs.eventloop.utilization'])
    t.deepEqual(slots(name), ['0', 'ingest', 'supervisor'], name);
  t.deepEqual(
    last('marquee_worker_up').map(({ attributes, value }) => [attributes, value]),
    [[{ slot: '0' }, 1]],
  );
  // Everything that Prometheus reads is there, and Prometheus reads no names of OTLP.
  const scraped = await system.metrics();
  t.notRegex(scraped, /http\.server|http_server/);
  const families = Array.from(scraped.matchAll(/^# TYPE (marquee_\w+) /gm), ([, name]) => name!);
  const exported = new Set((receiver.exports.at(-1) ?? []).map(({ name }) => name));
  const hasSamples = (name: string): boolean => new RegExp(`^${name}(_count)?(\\{| )`, 'm').test(scraped);
  t.deepEqual(
    families.filter((name) => hasSamples(name) && !exported.has(name)),
    ['marquee_event_loop_utilisation_ratio'],
    'which has a name of the conventions',
  );

  await until('each process has sent a line', () =>
    ['supervisor', 'api', 'ingest'].every((actor) =>
      receiver.logs.some(({ attributes }) => attributes['marquee.actor'] === actor),
    ),
  );
  const refused = receiver.logs.find(({ attributes }) => attributes['status'] === 400)!;
  t.like(refused, { body: 'request', severityText: 'info' });
  t.like(refused.resource, { 'service.name': 'marquee', 'service.namespace': 'tickets' });
  t.deepEqual([...receiver.requests].toSorted(), [
    '/v1/logs application/json',
    '/v1/metrics application/x-protobuf',
  ]);
  t.deepEqual(receiver.faults, []);

  system.kill('SIGTERM');
  t.is(await system.ended, 0);
  t.true(receiver.logs.some(({ body }) => body === 'stopped'));
  t.is(answers()['GET /search 200'], 5, 'the counts of processes that ended stay');
});
