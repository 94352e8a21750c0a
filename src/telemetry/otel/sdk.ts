// Sets up the OpenTelemetry SDK for one process or thread: spans are sent in batches by OTLP over HTTP. Metrics and logs of all
// processes are sent by a thread of the supervisor: see host.thread.ts.

import { diag } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, type IdGenerator } from '@opentelemetry/sdk-trace';
import type { TracedProcess, TracingOptions } from '#/telemetry/tracing.ts';
import { resourceOf } from './resource.ts';

const spanLimits = { attributeCountLimit: 64, attributeValueLengthLimit: 1024 };

const exporterFor = ({ protocol, url, headers }: TracingOptions): JsonExporter | ProtobufExporter =>
  protocol === 'http/json' ? new JsonExporter({ url, headers }) : new ProtobufExporter({ url, headers });

/**
 * Registers the SDK with the OpenTelemetry API, which then provides tracers. Its sampler keeps every span: sampling is decided
 * before a span is created.
 */
export function startSdk(
  options: TracingOptions,
  { version, actor, slot }: TracedProcess,
  idGenerator?: IdGenerator,
): NodeSDK {
  const sdk = new NodeSDK({
    resource: resourceOf(options, version, {
      'marquee.actor': actor,
      ...(slot === undefined ? {} : { 'marquee.slot': slot }),
    }),
    autoDetectResources: false,
    sampler: new AlwaysOnSampler(),
    spanLimits,
    traceExporter: exporterFor(options),
    // Trace contexts are sent as text, in messages and headers that this project writes itself.
    textMapPropagator: null,
    instrumentations: [],
    // Without these empty lists, the SDK would send metrics and logs to the same endpoint.
    metricReaders: [],
    logRecordProcessors: [],
    ...(idGenerator === undefined ? {} : { idGenerator }),
  });
  // With OTEL_LOG_LEVEL, the SDK writes to the console, which is reserved for the log.
  diag.disable();
  sdk.start();
  return sdk;
}
