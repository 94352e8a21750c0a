// Runs in a thread of an API worker: creates spans of requests and refreshes that have ended, and sends them.

import { parentPort, workerData } from 'node:worker_threads';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { remoteContext } from './remote.ts';
import { startSdk } from './sdk.ts';
import { methods as knownMethods } from '#/telemetry/routing/methods.ts';
import type { TraceContext } from '#/telemetry/traceparent.ts';
import type { Attributes, TracedProcess, TracingOptions } from '#/telemetry/tracing.ts';

export type SpanMessage =
  | { readonly type: 'request'; readonly request: RequestRecord }
  | { readonly type: 'span'; readonly span: SpanRecord };

export type ThreadMessage =
  /** A list of SpanMessage as JSON, which is faster than a structured clone. */
  | { readonly type: 'spans'; readonly spans: string }
  /** Send the remaining spans, and exit. */
  | { readonly type: 'stop' };

/** A request as the worker saw it; times in milliseconds since 1970. */
export interface RequestRecord {
  readonly traceId: string;
  readonly parentSpanId: string | null;
  readonly traceState: string | null;
  readonly method: string;
  readonly url: string;
  readonly route: string | null;
  readonly status: number;
  readonly httpVersion: string;
  readonly host: string | null;
  readonly userAgent: string | null;
  readonly client: string | null;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SpanRecord {
  readonly name: string;
  readonly attributes: Attributes;
  readonly parent: TraceContext;
  readonly startMs: number;
  readonly endMs: number;
}

const { options, traced } = workerData as { options: TracingOptions; traced: TracedProcess };
const methods: ReadonlySet<string> = new Set(knownMethods);

// The worker chooses the id of a new trace, since its log and metrics contain it.
const ids = new RandomIdGenerator();
let nextTraceId = '';
const sdk = startSdk(options, traced, {
  generateTraceId: () => nextTraceId,
  generateSpanId: () => ids.generateSpanId(),
});
const tracer = trace.getTracer('marquee', traced.version);

parentPort?.on('message', (message: ThreadMessage) => {
  if (message.type === 'stop') void sdk.shutdown().finally(() => process.exit(0));
  else for (const span of JSON.parse(message.spans) as SpanMessage[]) sendOne(span);
});

function sendOne(message: SpanMessage): void {
  if (message.type === 'request') sendRequest(message.request);
  else send(message.span);
}

function send({ name, attributes, parent, startMs, endMs }: SpanRecord): void {
  const under = remoteContext(parent.traceId, parent.spanId);
  tracer.startSpan(name, { attributes, startTime: startMs }, under).end(endMs);
}

function sendRequest(request: RequestRecord): void {
  const { traceId, parentSpanId, traceState, method, route, status, startMs, endMs } = request;
  nextTraceId = traceId;
  const state = traceState === null ? null : new TraceState(traceState);
  const span = tracer.startSpan(
    `${methods.has(method) ? method : 'HTTP'} ${route ?? ''}`.trimEnd(),
    { kind: SpanKind.SERVER, startTime: startMs, attributes: attributesOf(request) },
    parentSpanId === null ? ROOT_CONTEXT : remoteContext(traceId, parentSpanId, state),
  );
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endMs);
}

/** The attributes of the stable semantic conventions for HTTP servers. */
function attributesOf(request: RequestRecord): Record<string, string | number> {
  const { method, url, route, status, httpVersion, host, userAgent, client } = request;
  const [path = '/', query] = url.split('?', 2);
  const [, address, port] = /^(\[[\da-fA-F:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host ?? '') ?? [];
  const known = methods.has(method);
  return {
    [ATTR_HTTP_REQUEST_METHOD]: known ? method : '_OTHER',
    ...(known ? {} : { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method }),
    [ATTR_URL_SCHEME]: 'http',
    [ATTR_URL_PATH]: path,
    ...(query === undefined ? {} : { [ATTR_URL_QUERY]: query }),
    ...(route === null ? {} : { [ATTR_HTTP_ROUTE]: route }),
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
    ...(status >= 500 ? { [ATTR_ERROR_TYPE]: String(status) } : {}),
    ...(address === undefined ? {} : { [ATTR_SERVER_ADDRESS]: address }),
    ...(port === undefined ? {} : { [ATTR_SERVER_PORT]: Number(port) }),
    ...(client === null ? {} : { [ATTR_CLIENT_ADDRESS]: client }),
    [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
    ...(userAgent === null ? {} : { [ATTR_USER_AGENT_ORIGINAL]: userAgent }),
  };
}
