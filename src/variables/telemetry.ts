// The variables of logs and traces.

import * as z from 'zod';
import { flag, httpUrl, number, oneOf } from '#/kit/command-line/variable.ts';
import { entry, secret } from './entry.ts';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export const telemetryVariables = {
  LOG_LEVEL: entry(
    oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'trace … fatal, silent',
    'info',
    'least level of the lines that are logged',
  ),
  ACCESS_LOG_SHARE: entry(
    number(0, 1).default(0.01),
    'share, 0 to 1',
    '0.01',
    'share of ordinary requests to log, at most 50 a second; failed and slow ones are always logged, at most 100 a second; 1 logs every request',
  ),
  SLOW_MS: entry(
    number(1, 60_000).default(250),
    'milliseconds, 1 to 60000',
    '250',
    'a request that takes longer counts as slow: it is always logged and, if tracing is on, traced',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: secret(
    httpUrl,
    'http(s) URL',
    'none',
    'where traces are sent by OTLP over HTTP; without it tracing is off',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: secret(
    httpUrl,
    'http(s) URL',
    'OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces',
    'the same as a complete URL, with its path',
  ),
  OTEL_TRACES_SAMPLER: entry(
    oneOf(samplers).default('parentbased_traceidratio'),
    samplers.join(', '),
    'parentbased_traceidratio',
    'which requests are traced; all feed runs are traced unless it is always_off',
  ),
  OTEL_TRACES_SAMPLER_ARG: entry(
    number(0, 1).default(0.01),
    'share, 0 to 1',
    '0.01',
    'share of requests to trace, for the traceidratio samplers',
  ),
  OTEL_SERVICE_NAME: entry(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'expected 1 to 100 printable ASCII characters without blanks')
      .default('marquee'),
    'text, 1 to 100 characters',
    'marquee',
    'name of this service in traces',
  ),
  OTEL_SDK_DISABLED: entry(flag, 'true or false', 'false', 'true turns tracing off'),
};
