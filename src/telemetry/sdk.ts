// OpenTelemetry, set up for one process or thread: spans in batches, by OTLP over HTTP, with what they are told to come
// from. Metrics and logs go their own ways, so the SDK is given none.

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
import type { Traced, TracingOptions } from './tracing.ts';

const spanLimits = { attributeCountLimit: 64, attributeValueLengthLimit: 1024 };

/**
 * Registers itself with the API: tracers are had from there. Whether something is traced is decided before its span is made:
 * this one takes all.
 */
export function startSdk(
  { url, service }: TracingOptions,
  { version, actor, slot }: Traced,
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
    // OTEL_RESOURCE_ATTRIBUTES adds to ours, and takes the place of none.
    resource: detectResources({ detectors: [envDetector] }).merge(resource),
    autoDetectResources: false,
    sampler: new AlwaysOnSampler(),
    spanLimits,
    traceExporter: new OTLPTraceExporter({ url }),
    // Contexts come and go as text, by messages and by headers that are ours to write.
    textMapPropagator: null,
    instrumentations: [],
    // Without these lists it would send both to the same endpoint.
    metricReaders: [],
    logRecordProcessors: [],
    ...(idGenerator === undefined ? {} : { idGenerator }),
  });
  // OTEL_LOG_LEVEL makes it speak to the console, where each line is a log's: by now it said two words, at `debug` only.
  diag.disable();
  sdk.start();
  return sdk;
}
