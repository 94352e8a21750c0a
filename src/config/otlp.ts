// Where metrics, logs and traces are sent by OTLP, from their variables.

import type { Settings } from '#/variables.ts';

/** One signal's endpoint. */
export interface OtlpEndpoint {
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Readonly<Record<string, string>>;
}

/** What identifies this service in all that is sent. */
export interface Service {
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Sampler = Settings['OTEL_TRACES_SAMPLER'];

export interface TracingConfig extends OtlpEndpoint, Service {
  readonly sampler: Sampler;
  /** The share of requests to trace, 0 to 1, for the samplers that take a ratio. */
  readonly ratio: number;
}

/** What a host sends for all of its processes; null: not sent. */
export interface OtlpConfig extends Service {
  readonly metrics: (OtlpEndpoint & { readonly intervalMs: number }) | null;
  readonly logs: OtlpEndpoint | null;
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

/** Null when the signal is off, or has no endpoint. */
function endpointOf(signal: Signal, settings: Settings): OtlpEndpoint | null {
  const base = settings.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '');
  const shared = base === undefined ? null : `${base}/v1/${signal.toLowerCase()}`;
  const url = settings[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? shared;
  if (url === null || settings.OTEL_SDK_DISABLED || settings[`OTEL_${signal}_EXPORTER`] === 'none')
    return null;
  const protocol = settings[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? settings.OTEL_EXPORTER_OTLP_PROTOCOL;
  return { url, protocol, headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {} };
}

function serviceOf({
  OTEL_SERVICE_NAME: name,
  OTEL_RESOURCE_ATTRIBUTES: attributes = {},
}: Settings): Service {
  return { service: name ?? attributes['service.name'] ?? 'marquee', attributes };
}

export function tracingOf(settings: Settings): TracingConfig | null {
  const endpoint = endpointOf('TRACES', settings);
  if (endpoint === null) return null;
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  return { ...endpoint, ...serviceOf(settings), sampler, ratio };
}

export function otlpOf(settings: Settings): OtlpConfig {
  const metrics = endpointOf('METRICS', settings);
  return {
    ...serviceOf(settings),
    metrics: metrics === null ? null : { ...metrics, intervalMs: settings.OTEL_METRIC_EXPORT_INTERVAL },
    logs: endpointOf('LOGS', settings),
  };
}
