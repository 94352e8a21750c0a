// Loads what traces, where somebody is there to take traces: in a worker a thread, in ingest the spans themselves.

import { noTracing, type Traced, type Tracing, type TracingOptions } from './tracing.ts';

/** `options` null: nothing is traced. */
export async function startTracing(options: TracingOptions | null, traced: Traced): Promise<Tracing> {
  if (options === null || options.sampler === 'always_off') return noTracing;
  if (traced.actor === 'api') return (await import('./request-trace.ts')).openRequestTracing(options, traced);
  return (await import('./spans.ts')).openTracing(options, traced);
}
