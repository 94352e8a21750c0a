// Traces, where somebody is there to take them. Without an endpoint nothing of OpenTelemetry is even loaded, and all that
// is left is a call that calls on.

import type { TraceRequest } from './watch.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** W3C trace context, for whoever goes on with it elsewhere; null when nothing is traced. */
  readonly traceparent: string | null;
  set(attributes: Attributes): void;
  fail(message: string): void;
}

export interface SpanOptions {
  readonly attributes?: Attributes;
  /**
   * Whose child it is: the span that is under way (by default), `new` for the first of a trace, or a trace context from
   * elsewhere; null for none. Without any there is no span.
   */
  readonly parent?: 'new' | { readonly traceparent: string | null };
}

export interface Tracing {
  /** Runs within a span, and ends it with what becomes of it. */
  inSpan<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T>): Promise<T>;
  /** A span of what is over already, from `begunAt` (as performance.now tells) until now. */
  record(name: string, options: SpanOptions, begunAt: number): void;
  /** Chunks as they are, within a span from the first until the last. */
  stream<T>(name: string, chunks: AsyncIterable<T>): AsyncIterable<T>;
  /** Of the span that is under way. */
  traceparent(): string | null;
  /** For log lines: which trace is under way. */
  fields(): object;
  /** Null when requests are not traced. */
  readonly request: TraceRequest | null;
  /** Sends what is left. Never rejects, and takes two seconds at most. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  /** Where OTLP over HTTP is sent to. */
  readonly url: string;
  readonly sampler: string;
  /** Of requests, 0 to 1, for the samplers that take one. */
  readonly ratio: number;
  readonly service: string;
}

export interface Traced {
  readonly version: string;
  readonly actor: 'api' | 'ingest';
  /** Of an API worker. */
  readonly slot?: number;
  /** A request that takes longer is traced whatever the sampler says. */
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
