// Traces, as a collector receives them from the running system: one tree from a provider's feed to the swap in each worker,
// and spans of requests.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startGrowingFeed } from '../system/_hosts.ts';
import { directoryFor, startSystem, until, type System } from '../system/_system.ts';
import { startReceiver, type ReceivedSpan, type Receiver } from './_receiver.ts';

async function traced(
  t: Parameters<typeof startSystem>[0],
  environment: Record<string, string>,
  others: readonly object[] = [],
): Promise<{ system: System; receiver: Receiver; feed: Awaited<ReturnType<typeof startGrowingFeed>> }> {
  const directory = await directoryFor(t);
  const feed = await startGrowingFeed(t, 20);
  const receiver = await startReceiver(t);
  const providers = [{ name: 'growing', url: feed.url, pollSeconds: 0.3 }, ...others];
  await writeFile(join(directory, 'providers.json'), JSON.stringify({ providers }));
  const system = await startSystem(t, {
    DATA_DIR: join(directory, 'data'),
    PROVIDERS_FILE: join(directory, 'providers.json'),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    ...environment,
  });
  return { system, receiver, feed };
}

test.serial(
  'a change is one trace from the run that found it to the swap in each worker, and a failed run has an error status',
  async (t) => {
    const { system, receiver, feed } = await traced(
      t,
      { OTEL_SERVICE_NAME: 'box-office', API_WORKERS: '2', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      [{ name: 'down', url: 'http://127.0.0.1:9/', pollSeconds: 0.3 }],
    );
    await until('something is served', async () => (await system.status()).version > 0);

    // A worker that checks between the publish and its announcement swaps without the trace context.
    let whole: ReceivedSpan[] = [];
    await until('a trace reaches both workers', async () => {
      const { version } = await system.status();
      feed.grow();
      await until('it is served', async () =>
        (await system.status()).workers.every((w) => (w.version ?? 0) > version),
      );
      await until('it is reported', () => receiver.spans.some(({ name }) => name === 'swap'), 2000).catch(
        () => undefined,
      );
      const traces = Map.groupBy(receiver.spans, ({ traceId }) => traceId);
      whole =
        [...traces.values()].find((spans) => spans.filter(({ name }) => name === 'swap').length === 2) ?? [];
      return whole.some(({ name }) => name === 'run') && whole.some(({ name }) => name === 'publish');
    });

    const only = (name: string): ReceivedSpan => {
      const found = whole.filter((span) => span.name === name);
      t.is(found.length, 1, name);
      return found[0]!;
    };
    const tree: Record<string, string> = {
      fetch: 'run',
      split: 'run',
      parse: 'run',
      absorb: 'run',
      withdraw: 'run',
      publish: 'run',
      build: 'publish',
      announce: 'publish',
    };
    const root = only('run');
    t.is(root.parentSpanId, '');
    t.like(root.attributes, {
      'marquee.provider': 'growing',
      'marquee.run.outcome': 'absorbed',
    });
    t.true((root.attributes['marquee.run.added'] as number) > 0);
    t.is(root.resource['service.name'], 'box-office');
    for (const [name, parent] of Object.entries(tree))
      t.is(only(name).parentSpanId, only(parent).spanId, name);
    const swaps = whole.filter(({ name }) => name === 'swap');
    for (const swap of swaps) {
      t.is(swap.parentSpanId, only('announce').spanId);
      t.is(swap.attributes['marquee.version'], only('publish').attributes['marquee.version']);
      t.true(swap.endMs >= root.startMs);
    }
    t.deepEqual(swaps.map(({ resource }) => resource['marquee.slot']).toSorted(), [0, 1]);

    await until('a failed run is reported', () =>
      receiver.spans.some(({ name, failed }) => name === 'run' && failed),
    );
    const failed = receiver.spans.find((span) => span.name === 'run' && span.failed)!;
    t.like(failed.attributes, { 'marquee.provider': 'down', 'marquee.run.outcome': 'failed' });
    t.true(
      receiver.spans.find(({ name, traceId }) => name === 'fetch' && traceId === failed.traceId)!.failed,
    );
    t.true(receiver.requests.has('/v1/traces application/json'));
    t.deepEqual(receiver.faults, []);
  },
);

test.serial(
  'the span of a request has the attributes of the conventions, and continues the trace of its client',
  async (t) => {
    const { system, receiver } = await traced(t, { OTEL_TRACES_SAMPLER_ARG: '0', SLOW_MS: '60000' });
    const trace = 'c0ffee00c0ffee00c0ffee00c0ffee00';
    const parent = 'abad1deaabad1dea';
    const ask = (path: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${system.url}${path}`, { headers });

    await ask('/search?starts_at=2021-01-01', { 'User-Agent': 'box office' });
    await ask('/search?ends_at=2021-01-01', { traceparent: `00-${trace}-${parent}-00` });
    await ask('/search?starts_at=2021-01-01', {
      traceparent: `00-${trace}-${parent}-01`,
      'User-Agent': 'box office',
    });
    await ask('/nowhere', { traceparent: `00-${trace}-${parent}-01` });
    const servers = (): ReceivedSpan[] => receiver.spans.filter(({ kind }) => kind === 2);
    await until('the spans of both are reported', () => servers().length >= 2);

    t.deepEqual(
      servers()
        .map(({ name }) => name)
        .toSorted(),
      ['GET', 'GET /search'],
      'and of no other request',
    );
    for (const span of servers()) t.deepEqual([span.traceId, span.parentSpanId], [trace, parent]);
    const { attributes, startMs, endMs } = servers().find(({ name }) => name === 'GET /search')!;
    t.like(attributes, {
      'http.request.method': 'GET',
      'http.route': '/search',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'url.path': '/search',
      'url.query': 'starts_at=2021-01-01',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(system.url).port),
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'box office',
    });
    t.true(endMs > startMs && Math.abs(Date.now() - startMs) < 60_000);
    t.false(
      'http.route' in servers().find(({ name }) => name === 'GET')!.attributes,
      'a path that is none of ours',
    );
  },
);

test.serial(
  'a slow request is traced although the sampler rejects it; the SDK sends and logs nothing else',
  async (t) => {
    const { system, receiver } = await traced(t, {
      OTEL_TRACES_SAMPLER_ARG: '0',
      SLOW_MS: '1',
      OTEL_LOG_LEVEL: 'info',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'true',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_METRIC_EXPORT_TIMEOUT: '50',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=stage,service.name=other',
    });
    await until('a slow one is reported', async () => {
      await fetch(`${system.url}/openapi.json`);
      return receiver.spans.some(({ name }) => name === 'GET /openapi.json');
    });
    await until('a run is reported', () => receiver.spans.some(({ name }) => name === 'run'));

    const { attributes } = receiver.spans.find(({ name }) => name === 'GET /openapi.json')!;
    t.like(attributes, { 'http.request.method': 'GET', 'http.response.status_code': 200 });
    for (const { resource } of receiver.spans)
      t.like(resource, { 'deployment.environment.name': 'stage', 'service.name': 'other' });
    t.deepEqual([[...receiver.requests], receiver.faults], [['/v1/traces application/x-protobuf'], []]);
    t.deepEqual(
      system
        .output()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('{')),
      [],
    );
  },
);
