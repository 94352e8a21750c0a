// Loads tracing only when it is configured: API workers create spans in a thread, ingest in its own process.

import { noTracing, type TracedProcess, type Tracing, type TracingOptions } from './tracing.ts';

/** `options` null: nothing is traced. */
export async function startTracing(options: TracingOptions | null, traced: TracedProcess): Promise<Tracing> {
  if (options === null || options.sampler === 'always_off') return noTracing;
  if (traced.actor === 'api') return (await import('./request-trace.ts')).openRequestTracing(options, traced);
  return (await import('./otel/spans.ts')).openTracing(options, traced);
}
