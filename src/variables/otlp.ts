// The variables of the export of metrics, logs and traces by OTLP. Names and meanings are those of OpenTelemetry.

import * as z from 'zod';
import { count, flag, httpUrl, oneOf } from '#/kit/command-line/variable.ts';
import { entry, secret } from './entry.ts';

export const otlpProtocols = ['http/protobuf', 'http/json'] as const;
const exporters = ['otlp', 'none'] as const;

const protocol = (about: string) =>
  entry(oneOf(otlpProtocols).optional(), otlpProtocols.join(', '), 'OTEL_EXPORTER_OTLP_PROTOCOL', about);

const endpoint = (path: string, about: string) =>
  secret(httpUrl, 'http(s) URL', `OTEL_EXPORTER_OTLP_ENDPOINT${path}`, about);

const pairsMax = 64;

/** As the specification writes them: `key=value` separated by commas, percent-encoded. A later key replaces an earlier one. */
const pairs = (example: string) =>
  z.string().transform((given, context): Readonly<Record<string, string>> => {
    const parts = given.split(',').filter((part) => part.trim() !== '');
    const read = parts.flatMap((part) => {
      const [, key, value = ''] = /^\s*([^\s=]+)\s*=([^=]*)$/.exec(part) ?? [];
      return key === undefined ? [] : [[decoded(key), decoded(value.trim())] as const];
    });
    const isValid = read.length === parts.length && read.flat().every((text) => text !== null);
    if (isValid && read.length <= pairsMax) return Object.fromEntries(read) as Record<string, string>;
    const expected = `expected at most ${pairsMax} pairs such as ${example}, separated by commas, percent-encoded`;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export const otlpVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: secret(
    httpUrl,
    'http(s) URL',
    'none',
    'where metrics and traces, and logs on request, are sent by OTLP over HTTP; without it nothing is sent',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint('/v1/traces', 'for traces, as a complete URL with its path'),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint(
    '/v1/metrics',
    'for metrics, as a complete URL with its path',
  ),
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint('/v1/logs', 'for logs, as a complete URL with its path'),
  OTEL_EXPORTER_OTLP_PROTOCOL: entry(
    oneOf(otlpProtocols).default('http/protobuf'),
    otlpProtocols.join(', '),
    'http/protobuf',
    'encoding of what is sent',
  ),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol('the same for traces'),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol('the same for metrics'),
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: protocol('the same for logs'),
  OTEL_EXPORTER_OTLP_HEADERS: secret(
    pairs('api-key=…').optional(),
    'key=value, separated by commas',
    'none',
    'headers of all requests to the endpoint, such as a token; percent-encoded',
  ),
  OTEL_TRACES_EXPORTER: entry(oneOf(exporters).default('otlp'), 'otlp, none', 'otlp', 'none sends no traces'),
  OTEL_METRICS_EXPORTER: entry(
    oneOf(exporters).default('otlp'),
    'otlp, none',
    'otlp',
    'none sends no metrics; Prometheus can read them in any case',
  ),
  OTEL_LOGS_EXPORTER: entry(
    oneOf(exporters).default('none'),
    'otlp, none',
    'none',
    'otlp sends each log line, in addition to the standard output',
  ),
  OTEL_METRIC_EXPORT_INTERVAL: entry(
    count(100, 3_600_000).default(60_000),
    'milliseconds, 100 to 3600000',
    '60000',
    'time between two exports of metrics',
  ),
  OTEL_RESOURCE_ATTRIBUTES: entry(
    pairs('deployment.environment.name=stage').optional(),
    'key=value, separated by commas',
    'none',
    'attributes of this service in all that is sent, such as deployment.environment.name=stage',
  ),
  OTEL_SERVICE_NAME: entry(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'expected 1 to 100 printable ASCII characters without blanks')
      .optional(),
    'text, 1 to 100 characters',
    'service.name of OTEL_RESOURCE_ATTRIBUTES, or marquee',
    'name of this service in all that is sent',
  ),
  OTEL_SDK_DISABLED: entry(flag, 'true or false', 'false', 'true sends nothing'),
};
