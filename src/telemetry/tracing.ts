// The tracing interface. Without an endpoint, OpenTelemetry is not loaded, and `noTracing` only passes calls on.

import type { Endpoint, Identity } from './otel/resource.ts';
import type { TraceRequest } from './watch.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** The W3C trace context for another process to continue; null when the span is not traced. */
  readonly traceparent: string | null;
  set(attributes: Attributes): void;
  fail(message: string): void;
}

export interface SpanOptions {
  readonly attributes?: Attributes;
  /**
   * The parent: by default the current span, `new` for the root of a new trace, or a trace context of another process. Without
   * a parent (no current span, or a context of null) no span is created.
   */
  readonly parent?: 'new' | { readonly traceparent: string | null };
}

export interface Tracing {
  /** Calls `run` within a span, which ends with the result; an error marks the span as failed. */
  inSpan<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T>): Promise<T>;
  /** Records a span of something that has ended: from `begunAt`, a time of performance.now(), until now. */
  record(name: string, options: SpanOptions, begunAt: number): void;
  /** Returns the chunks unchanged, within a span from the first to the last. */
  stream<T>(name: string, chunks: AsyncIterable<T>): AsyncIterable<T>;
  /** The trace context of the current span; null when there is none. */
  traceparent(): string | null;
  /** Fields for log lines: the ids of the current trace and span. */
  fields(): object;
  /** Traces requests; null when they are not traced. */
  readonly request: TraceRequest | null;
  /** Sends the remaining spans. Never rejects; takes at most two seconds. */
  stop(): Promise<void>;
}

export interface TracingOptions extends Identity, Endpoint {
  readonly sampler: string;
  /** The share of requests to trace, 0 to 1, for the samplers that take a ratio. */
  readonly ratio: number;
}

export interface TracedProcess {
  readonly version: string;
  readonly actor: 'api' | 'ingest';
  /** The slot of an API worker. */
  readonly slot?: number;
  /** A request that takes longer is traced even if the sampler did not choose it. */
  readonly slowMs: number;
}

const silentSpan: Span = { traceparent: null, set: () => undefined, fail: () => undefined };

export const noTracing: Tracing = {
  inSpan: (_name, _options, run) => run(silentSpan),
  record: () => undefined,
  stream: (_name, chunks) => chunks,
  traceparent: () => null,
  fields: () => ({}),
  request: null,
  stop: () => Promise.resolve(),
};
