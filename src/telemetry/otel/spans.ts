// Tracing in ingest: OpenTelemetry spans around the steps of a run. Loaded only when traces are sent.

import {
  context,
  createContextKey,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { messageOf } from '#/kit/errors.ts';
import { remoteContext } from './remote.ts';
import { startSdk } from './sdk.ts';
import { parseTraceparent } from '#/telemetry/traceparent.ts';
import type { Span, SpanOptions, TracedProcess, Tracing, TracingOptions } from '#/telemetry/tracing.ts';

/** A feed may have thousands of batches: only the first spans of a trace are kept. */
const spansPerTraceMax = 200;
const stopMs = 2000;

/** Context key of the number of spans that a trace may still have in this process. */
const leftKey = createContextKey('marquee spans left');

export function openTracing(options: TracingOptions, traced: TracedProcess): Tracing {
  const sdk = startSdk(options, traced);
  const tracer = trace.getTracer('marquee', traced.version);

  return {
    async inSpan(name, spanOptions, run) {
      const begun = begin(tracer, name, spanOptions);
      if (begun === null) return run(spanOf(undefined));
      const { span, within } = begun;
      try {
        return await context.with(within, () => run(spanOf(span)));
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
        throw error;
      } finally {
        span.end();
      }
    },
    record(name, spanOptions, begunAt) {
      begin(tracer, name, spanOptions, performance.timeOrigin + begunAt)?.span.end();
    },
    async *stream(name, chunks) {
      const begun = begin(tracer, name, {});
      try {
        yield* chunks;
      } catch (error) {
        begun?.span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
        throw error;
      } finally {
        begun?.span.end();
      }
    },
    traceparent: () => traceparentOf(trace.getActiveSpan()),
    fields() {
      const active = trace.getActiveSpan()?.spanContext();
      return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
    },
    request: null,
    async stop() {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, stopMs);
      await Promise.race([sdk.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
}

interface Begun {
  readonly span: OtelSpan;
  readonly within: Context;
}

/** Null when there is no current trace, or when it has its maximum of spans. */
function begin(
  tracer: Tracer,
  name: string,
  { attributes = {}, parent }: SpanOptions,
  startTime?: number,
): Begun | null {
  const under =
    parent === 'new' ? ROOT_CONTEXT : parent === undefined ? context.active() : remote(parent.traceparent);
  if (parent !== 'new' && trace.getSpanContext(under) === undefined) return null;
  const left = (under.getValue(leftKey) as { spans: number } | undefined) ?? { spans: spansPerTraceMax };
  if (--left.spans < 0) return null;
  const span = tracer.startSpan(
    name,
    { attributes, ...(startTime === undefined ? {} : { startTime }) },
    under,
  );
  return { span, within: trace.setSpan(under.setValue(leftKey, left), span) };
}

/** The context of a trace that another process started; the root context when it is not sampled. */
function remote(traceparent: string | null): Context {
  const parent = traceparent === null ? null : parseTraceparent(traceparent);
  return parent?.sampled === true ? remoteContext(parent.traceId, parent.spanId) : ROOT_CONTEXT;
}

function traceparentOf(span: OtelSpan | undefined): string | null {
  if (span === undefined) return null;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

const spanOf = (span: OtelSpan | undefined): Span => ({
  traceparent: traceparentOf(span),
  set: (attributes) => void span?.setAttributes(attributes),
  fail: (message) => void span?.setStatus({ code: SpanStatusCode.ERROR, message }),
});
