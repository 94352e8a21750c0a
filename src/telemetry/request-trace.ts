// Tracing in an API worker. A request is traced after it has ended: it calls no other service, so its span has no children, and
// requests that are not traced cost nothing. The decision follows the sampler and the caller's decision, as in head sampling;
// in addition, failed and slow requests are traced.
//
// The spans are created and sent in a thread: a process that is an HTTP client as well as a server is a slower server, since V8
// optimises node's stream code for only one of the two (measured: about 15 % of the CPU time of a request).

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { reportFlags } from '#/kit/machine/reports.ts';
import { withoutCredentials } from '#/kit/redact.ts';
import { createRateLimit } from '#/kit/rate-limit.ts';
import type { RequestRecord, SpanMessage, SpanRecord, ThreadMessage } from './otel/spans.thread.ts';
import { parseTraceparent, shareOf, type TraceContext } from './traceparent.ts';
import { noTracing, type TracedProcess, type Tracing, type TracingOptions } from './tracing.ts';
import type { TraceRequest } from './watch.ts';

/** Limits per second: requests traced although the sampler did not choose them, and all traced requests. */
const keptPerSecondMax = 50;
const tracedPerSecondMax = 2000;
const stopMs = 2000;
const postEveryMs = 1000;
const waitingMax = 512;
const threadMegabytesMax = 96;
const textLengthMax = 256;

export function openRequestTracing(options: TracingOptions, traced: TracedProcess): Tracing {
  const thread = new Worker(new URL('./otel/spans.thread.ts', import.meta.url), {
    workerData: { options, traced },
    execArgv: [...reportFlags],
    resourceLimits: { maxOldGenerationSizeMb: threadMegabytesMax },
  });
  thread.unref();
  // If the thread fails, requests are answered without being traced.
  thread.on('error', () => undefined);
  const postToThread = (message: ThreadMessage): void => thread.postMessage(message, []);
  let waiting: SpanMessage[] = [];
  const post = (): void => {
    if (waiting.length > 0) postToThread({ type: 'spans', spans: JSON.stringify(waiting) });
    waiting = [];
  };
  // Spans are posted in batches: waking the thread costs more than the spans. The SDK sends every five seconds.
  setInterval(post, postEveryMs).unref();
  const queue = (message: SpanMessage): void => {
    if (waiting.push(message) >= waitingMax) post();
  };
  return {
    ...noTracing,
    record(name, { attributes = {}, parent }, begunAt) {
      const from = typeof parent === 'object' ? parent.traceparent : null;
      const context = from === null ? null : parseTraceparent(from);
      if (context === null || !context.sampled) return;
      const startMs = performance.timeOrigin + begunAt;
      const span: SpanRecord = { name, attributes, parent: context, startMs, endMs: Date.now() };
      queue({ type: 'span', span });
    },
    request: createRequestTrace((request) => queue({ type: 'request', request }), options, traced),
    async stop() {
      post();
      postToThread({ type: 'stop' });
      await Promise.race([once(thread, 'exit'), sleep(stopMs, undefined, { ref: false })]);
    },
  };
}

function createRequestTrace(
  queue: (request: RequestRecord) => void,
  options: TracingOptions,
  { slowMs }: TracedProcess,
): TraceRequest {
  const wanted = createSampling(options);
  const mayKeep = createRateLimit(keptPerSecondMax, Date.now);
  const mayTrace = createRateLimit(tracedPerSecondMax, Date.now);
  return (request, response, route, begunAt, seconds, chance) => {
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' ? parseTraceparent(traceparent) : null;
    if (!wanted(parent, chance)) {
      const isKept = response.statusCode >= 500 || seconds * 1000 > slowMs;
      if (!isKept || !mayKeep()) return null;
    }
    if (!mayTrace()) return null;
    const traceId = parent?.traceId ?? newTraceId();
    queue(recordOf(request, response, route, traceId, parent, performance.timeOrigin + begunAt, seconds));
    return traceId;
  };
}

/** From a random UUID, for which node caches random bytes: `randomBytes(16)` would cost as much as an answer. */
const newTraceId = (): string => randomUUID().replaceAll('-', '');

/** Whether the sampler of OTEL_TRACES_SAMPLER chooses a request, without regard to its answer. */
function createSampling({
  sampler,
  ratio,
}: TracingOptions): (parent: TraceContext | null, chance: number) => boolean {
  const own = sampler.replace('parentbased_', '');
  const share = own === 'always_on' ? 1 : own === 'always_off' ? 0 : ratio;
  return (parent, chance) => {
    // A new trace has a random id, so `chance` stands for it.
    if (parent === null) return chance < share;
    return own === sampler ? shareOf(parent.traceId) < share : parent.sampled;
  };
}

function recordOf(
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
  traceId: string,
  parent: TraceContext | null,
  startMs: number,
  seconds: number,
): RequestRecord {
  const { method = '', url = '/', headers, httpVersion, socket } = request;
  const text = (value: string | string[] | undefined): string | null =>
    typeof value === 'string' ? value.slice(0, textLengthMax) : null;
  return {
    traceId,
    parentSpanId: parent?.spanId ?? null,
    traceState: text(headers['tracestate']),
    method,
    url: withoutCredentials(url).slice(0, 2 * textLengthMax),
    route: route === 'other' ? null : route,
    status: response.statusCode,
    httpVersion,
    host: text(headers.host),
    userAgent: text(headers['user-agent']),
    client: socket.remoteAddress ?? null,
    startMs,
    endMs: startMs + seconds * 1000,
  };
}
