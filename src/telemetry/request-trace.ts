// Tracing in an API worker. A request is traced when it is over: it calls nobody, so its span has no children, and most
// requests, which are not traced, pay nothing for those that are. The decision looks at chance and at what the caller
// decided, as if it had been made at the head; only that failed and slow requests, which cannot be known by then, are
// traced too.
//
// The spans are made and sent in a thread: a process that is a client of HTTP as well as a server of it is a slower server,
// since node's code for streams is optimised for one of the two (measured: some 15 % of the CPU of a request).

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createRateLimit } from '#/kit/rate-limit.ts';
import type { RequestRecord, SpanMessage, SpanRecord, ThreadMessage } from './spans.thread.ts';
import { parseTraceparent, shareOf, type TraceContext } from './traceparent.ts';
import { noTracing, type Traced, type Tracing, type TracingOptions } from './tracing.ts';
import type { TraceRequest } from './watch.ts';

/** Of those that are traced although the sampler did not want them, and of all. */
const keptPerSecondMax = 50;
const tracedPerSecondMax = 2000;
const stopMs = 2000;
const postEveryMs = 1000;
const waitingMax = 512;
const threadMegabytesMax = 96;
const textLengthMax = 256;

export function openRequestTracing(options: TracingOptions, traced: Traced): Tracing {
  const thread = new Worker(new URL('./spans.thread.ts', import.meta.url), {
    workerData: { options, traced },
    resourceLimits: { maxOldGenerationSizeMb: threadMegabytesMax },
  });
  thread.unref();
  // Without it requests go on, and are not traced.
  thread.on('error', () => undefined);
  const tellThread = (message: ThreadMessage): void => thread.postMessage(message, []);
  let waiting: SpanMessage[] = [];
  const post = (): void => {
    if (waiting.length > 0) tellThread({ type: 'spans', spans: JSON.stringify(waiting) });
    waiting = [];
  };
  // To wake the thread up costs both sides more than what it is told; the SDK sends every five seconds.
  setInterval(post, postEveryMs).unref();
  const tell = (message: SpanMessage): void => {
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
      tell({ type: 'span', span });
    },
    request: createRequestTrace((request) => tell({ type: 'request', request }), options, traced),
    async stop() {
      post();
      tellThread({ type: 'stop' });
      await Promise.race([once(thread, 'exit'), sleep(stopMs, undefined, { ref: false })]);
    },
  };
}

function createRequestTrace(
  tell: (request: RequestRecord) => void,
  options: TracingOptions,
  { slowMs }: Traced,
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
    tell(recordOf(request, response, route, traceId, parent, performance.timeOrigin + begunAt, seconds));
    return traceId;
  };
}

/** Of a random UUID, which node takes from a stock of random bytes: to ask for 16 of them costs as much as an answer. */
const newTraceId = (): string => randomUUID().replaceAll('-', '');

/** Whether a request is to be traced, before anything is known of its answer; as OTEL_TRACES_SAMPLER names it. */
function createSampling({
  sampler,
  ratio,
}: TracingOptions): (parent: TraceContext | null, chance: number) => boolean {
  const own = sampler.replace('parentbased_', '');
  const share = own === 'always_on' ? 1 : own === 'always_off' ? 0 : ratio;
  return (parent, chance) => {
    // The id of a trace that begins here is as random as this.
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
    url: url.slice(0, 2 * textLengthMax),
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
