// A span of another process, as the context of what goes on below it here.

import { ROOT_CONTEXT, trace, TraceFlags, type Context, type TraceState } from '@opentelemetry/api';

/** Of a span that is sampled there. */
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
