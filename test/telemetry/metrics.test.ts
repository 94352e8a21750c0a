// Metrics: their declarations, their counts, and their form for Prometheus.

import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { endWithError, refuseBusy } from '#/http/envelope.ts';
import { watchRequests } from '#/telemetry/watch.ts';
import { expose } from '#/telemetry/prometheus/expose.ts';
import { createMeter, createProcessMeter } from '#/telemetry/meter.ts';
import * as declared from '#/telemetry/metrics.ts';
import type { AnyDeclaration } from '#/telemetry/metrics.ts';
import { createRequestMeter, routes } from '#/telemetry/requests.ts';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { root } from '../system/_system.ts';

const { processMetrics, ownProcessMetrics, ...groups } = declared;
const all: AnyDeclaration[] = [...Object.values(groups), ownProcessMetrics].flatMap((group) =>
  Object.values(group),
);

test('every metric name follows the Prometheus conventions, with its unit, and has a help sentence', (t) => {
  t.is(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, type, unit, labels, help } of all) {
    t.regex(name, /^marquee_[a-z]+(_[a-z]+)*$/);
    t.is(name.endsWith('_total'), type === 'counter', name);
    if (['seconds', 'bytes', 'ratio'].includes(unit))
      t.true(name.replace(/_total$/, '').endsWith(`_${unit}`), name);
    t.true(help.endsWith('.') && help.length > 20, name);
    for (const label of labels) t.regex(label, /^[a-z]+$/, name);
  }
});

test('each metric is named in one file only', async (t) => {
  const names = new RegExp(all.map(({ name }) => name).join('|'));
  const files = await readdir(join(root, 'src'), { recursive: true });
  for (const file of files.filter((path) => path.endsWith('.ts') && path !== 'telemetry/metrics.ts'))
    t.notRegex(await readFile(join(root, 'src', file), 'utf8'), names, file);
});

test('a request counts for its route, class of status and bucket', (t) => {
  const meter = createRequestMeter(() => 1_000_000);
  const { buckets } = declared.requestMetrics.duration;
  for (const seconds of [0, ...buckets, 99]) meter.count(0, 'GET', 200, seconds, null);
  meter.count(0, 'GET', 304, 0.0001, 'c0ffee');
  meter.count(routes.indexOf('other'), 'GET', 404, 0.01, null);
  meter.count(0, 'GET', 599, 0.01, null);
  const [answered, duration] = meter.read();
  const count = (route: string, status: string): number | undefined =>
    answered!.values.find(({ labels }) => labels['route'] === route && labels['status'] === status)?.value;
  t.deepEqual(
    ['2xx', '3xx', '4xx', '5xx', 'busy'].map((status) => count('/search', status)),
    [buckets.length + 2, 1, 0, 1, 0],
  );
  t.is(count('other', '4xx'), 1);
  const search = duration!.values.filter(({ labels }) => labels['route'] === '/search');
  const below = (le: number | string): number => search.find(({ labels }) => labels['le'] === le)!.value;
  // A bound belongs to its bucket; the first bucket includes 0, and the last has all values beyond the bounds.
  t.is(below(buckets[0]!), 2);
  t.is(below('+Inf'), buckets.length + 4);
  t.is(search.find(({ metricName }) => metricName?.endsWith('_count'))!.value, buckets.length + 4);
  t.deepEqual(search.find(({ exemplar }) => Boolean(exemplar))!.exemplar, {
    labelSet: { trace_id: 'c0ffee' },
    value: 0.0001,
    timestamp: 1000,
  });
});

test('requests in flight are those that began and have not ended', (t) => {
  const meter = createRequestMeter(() => 0);
  const inFlight = (): number =>
    meter.read().find(({ name }) => name === declared.requestMetrics.inFlight.name)!.values[0]!.value;
  t.is(inFlight(), 0);
  for (let i = 0; i < 3; i++) meter.begun();
  meter.count(0, 'GET', 200, 0.001, null);
  t.is(inFlight(), 2);
});

test('the size of an answer counts for its encoding and bucket', (t) => {
  const meter = createRequestMeter(() => 0);
  const { name, buckets } = declared.requestMetrics.answerBytes;
  for (const bytes of [0, ...buckets, 5e8]) meter.sized(bytes, false);
  meter.sized(70, true);
  const { values } = meter.read().find((family) => family.name === name)!;
  const of = (encoding: string, part: string, le?: number | string): number | undefined =>
    values.find(
      ({ metricName, labels }) =>
        metricName === `${name}_${part}` && labels['encoding'] === encoding && labels['le'] === le,
    )?.value;
  t.is(of('identity', 'bucket', buckets[0]), 2);
  t.is(of('identity', 'bucket', '+Inf'), buckets.length + 2);
  t.is(of('identity', 'count'), buckets.length + 2);
  t.is(
    of('identity', 'sum'),
    buckets.reduce((a, b) => a + b, 5e8),
  );
  t.deepEqual([of('gzip', 'count'), of('gzip', 'sum')], [1, 70]);
});

test('a request for OpenMetrics gets it, with exemplars; others get the text format', async (t) => {
  const meter = createRequestMeter(() => 1_000_000);
  meter.count(0, 'GET', 200, 0.0003, 'c0ffee00c0ffee00c0ffee00c0ffee00');
  const plain = await expose(meter.read(), 'text/html, */*');
  t.regex(plain.contentType, /^text\/plain; version=0\.0\.4/);
  t.regex(plain.text, /^# TYPE marquee_http_requests_total counter$/m);
  t.notRegex(plain.text, /c0ffee/);
  const open = await expose(meter.read(), 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
  t.regex(open.contentType, /^application\/openmetrics-text; version=1\.0\.0/);
  t.regex(open.text, /^# TYPE marquee_http_requests counter$/m);
  t.regex(open.text, /^marquee_http_requests_total\{route="\/search",status="2xx"\} 1$/m);
  t.regex(
    open.text,
    /_bucket\{route="\/search",le="0.0003"\} 1 # \{trace_id="c0ffee00c0ffee00c0ffee00c0ffee00"\} 0.0003 1000$/m,
  );
  t.true(open.text.endsWith('# EOF\n'));
});

test('every process exports the metrics of all processes', async (t) => {
  const told = (await createProcessMeter().read()).map(({ name }) => name);
  t.deepEqual(told.toSorted(), [...processMetrics, ownProcessMetrics.utilisation.name].toSorted());
});

(isInstalled('promtool') ? test : test.skip)('promtool finds no fault in any metric', async (t) => {
  const meters = Object.values(groups).map((group) => createMeter(group as Record<string, AnyDeclaration>));
  const readings = await Promise.all([...meters, createProcessMeter()].map((meter) => meter.read()));
  const { text } = await expose(readings.flat(), '');
  const checked = spawnSync(programAt('promtool') ?? '', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  t.deepEqual([checked.status, checked.stderr, checked.stdout], [0, '', '']);
});

test('a refusal under overload is a class of its own, another 503 is a fault', async (t) => {
  const meter = createRequestMeter(Date.now);
  const deps = { meter, accessLog: () => undefined, logShare: 0, slowMs: 250, trace: null, version: () => 1 };
  const listener = watchRequests((request, response) => {
    if (request.url === '/search?busy') refuseBusy(response);
    else endWithError(response, 503, 'details_unavailable', 'Later.');
  }, deps);
  const server = createServer(listener);
  t.teardown(() => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const query of ['busy', 'busy', 'else']) t.is((await fetch(`${url}/search?${query}`)).status, 503);
  const count = (status: string): number =>
    meter
      .read()[0]!
      .values.find(({ labels }) => labels['route'] === '/search' && labels['status'] === status)!.value;
  t.deepEqual([count('busy'), count('5xx')], [2, 1]);
});
