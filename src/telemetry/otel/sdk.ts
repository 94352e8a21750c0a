// Sets up the OpenTelemetry SDK for one process or thread: spans are sent in batches by OTLP over HTTP. Metrics and logs do not
// use the SDK.

import { hostname } from 'node:os';
import { diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, type IdGenerator } from '@opentelemetry/sdk-trace';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { TracedProcess, TracingOptions } from '#/telemetry/tracing.ts';

const spanLimits = { attributeCountLimit: 64, attributeValueLengthLimit: 1024 };

/**
 * Registers the SDK with the OpenTelemetry API, which then provides tracers. Its sampler keeps every span: sampling is decided
 * before a span is created.
 */
export function startSdk(
  { url, service }: TracingOptions,
  { version, actor, slot }: TracedProcess,
  idGenerator?: IdGenerator,
): NodeSDK {
  const resource = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: service,
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_SERVICE_INSTANCE_ID]: `${hostname()}:${process.pid}`,
    'marquee.actor': actor,
    ...(slot === undefined ? {} : { 'marquee.slot': slot }),
  });
  const sdk = new NodeSDK({
    // OTEL_RESOURCE_ATTRIBUTES adds attributes, and cannot replace these.
    resource: detectResources({ detectors: [envDetector] }).merge(resource),
    autoDetectResources: false,
    sampler: new AlwaysOnSampler(),
    spanLimits,
    traceExporter: new OTLPTraceExporter({ url }),
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
