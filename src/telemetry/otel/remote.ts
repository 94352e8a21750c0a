// A span of another process, as the parent context of spans in this one.

import { ROOT_CONTEXT, trace, TraceFlags, type Context, type TraceState } from '@opentelemetry/api';

/** The remote span must be sampled. */
export const remoteContext = (
  traceId: string,
  spanId: string,
  traceState: TraceState | null = null,
): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
    ...(traceState === null ? {} : { traceState }),
  });
