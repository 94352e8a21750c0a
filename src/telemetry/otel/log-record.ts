// Turns a line of the log into a log record of OpenTelemetry.

import { TraceFlags, type HrTime } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** By pino's levels: the text, and the number of the least severity that OpenTelemetry gives it. */
const severities: Readonly<Record<number, readonly [text: string, severity: number]>> = {
  10: ['trace', 1],
  20: ['debug', 5],
  30: ['info', 9],
  40: ['warn', 13],
  50: ['error', 17],
  60: ['fatal', 21],
};
const attributesMax = 64;
const valueLengthMax = 4096;

/** Fields of each line that have attributes of their own. */
const named: Readonly<Record<string, string>> = {
  actor: 'marquee.actor',
  worker: 'marquee.slot',
  pid: 'process.pid',
};

/** Null when the line is not the JSON of a log line. */
export function logRecordOf(
  line: string,
  resource: Resource,
  instrumentationScope: InstrumentationScope,
): ReadableLogRecord | null {
  const fields = parsed(line);
  if (fields === null) return null;
  const { level, time, msg, trace_id: traceId, span_id: spanId, ...rest } = fields;
  const [severityText, severityNumber] = severities[Number(level)] ?? ['info', 9];
  const at = Number.isFinite(time) ? (time as number) : Date.now();
  const entries = Object.entries(rest);
  return {
    hrTime: timeOf(at),
    hrTimeObserved: timeOf(at),
    severityText,
    severityNumber,
    body: typeof msg === 'string' ? msg : '',
    attributes: Object.fromEntries(
      entries.slice(0, attributesMax).map(([field, value]) => [named[field] ?? field, valueOf(value)]),
    ),
    droppedAttributesCount: Math.max(0, entries.length - attributesMax),
    resource,
    instrumentationScope,
    ...(typeof traceId === 'string' && {
      // The line of a request has no span of its own.
      spanContext: {
        traceId,
        spanId: typeof spanId === 'string' ? spanId : '',
        traceFlags: TraceFlags.SAMPLED,
      },
    }),
  };
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Whole milliseconds since 1970 as seconds and nanoseconds. */
const timeOf = (ms: number): HrTime => [Math.trunc(ms / 1000), Math.trunc(ms % 1000) * 1e6];

function valueOf(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, valueLengthMax);
}
