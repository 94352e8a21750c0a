// The variables of the log and of the sampling of traces.

import { number, oneOf } from '#/kit/command-line/variable.ts';
import { entry } from './entry.ts';

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
};
