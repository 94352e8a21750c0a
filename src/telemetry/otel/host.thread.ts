// Runs in a thread of the supervisor: sends metrics and log lines of all processes of a host by OTLP. It keeps nothing: the
// supervisor posts the next part when the last one was reported as sent or failed.

import { parentPort, workerData } from 'node:worker_threads';
import { ExportResultCode, millisToHrTime, type ExportResult } from '@opentelemetry/core';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import type { Reading } from '#/telemetry/reading.ts';
import { logRecordOf } from './log-record.ts';
import { metricDataOf } from './metric-data.ts';
import { resourceOf, type Endpoint, type Identity } from './resource.ts';

export type Signal = 'metrics' | 'logs';

/** The data of the thread. */
export interface HostThread extends Identity {
  readonly version: string;
  /** When counting began, in milliseconds since 1970. */
  readonly sinceMs: number;
  readonly metrics: Endpoint | null;
  readonly logs: Endpoint | null;
}

export type ToHostThread =
  | { readonly signal: 'metrics'; readonly reading: Reading }
  | { readonly signal: 'logs'; readonly lines: readonly string[] };

/** `error`: null when it was sent. */
export interface Sent {
  readonly signal: Signal;
  readonly error: string | null;
}

const options = workerData as HostThread;
const resource = resourceOf(options, options.version);
const scope = { name: 'marquee', version: options.version };
const since = millisToHrTime(options.sinceMs);

const metrics = options.metrics === null ? null : metricExporter(options.metrics);
const logs = options.logs === null ? null : logExporter(options.logs);

parentPort?.on('message', (message: ToHostThread) => {
  const { signal } = message;
  const done = ({ code, error }: ExportResult): void => {
    const reason = code === ExportResultCode.SUCCESS ? null : reasonOf(error);
    parentPort?.postMessage({ signal, error: reason } satisfies Sent, []);
  };
  if (message.signal === 'metrics') {
    const data = metricDataOf(message.reading, since, millisToHrTime(Date.now()));
    metrics?.export({ resource, scopeMetrics: [{ scope, metrics: data }] }, done);
  } else {
    const records = message.lines.flatMap((line) => logRecordOf(line, resource, scope) ?? []);
    logs?.export(records, done);
  }
});

function metricExporter({ protocol, url, headers }: Endpoint): JsonMetrics | ProtobufMetrics {
  return protocol === 'http/json' ? new JsonMetrics({ url, headers }) : new ProtobufMetrics({ url, headers });
}

function logExporter({ protocol, url, headers }: Endpoint): JsonLogs | ProtobufLogs {
  return protocol === 'http/json' ? new JsonLogs({ url, headers }) : new ProtobufLogs({ url, headers });
}

function reasonOf(error: (Error & { readonly code?: unknown }) | undefined): string {
  if (error === undefined) return 'it failed';
  // A refused connection has no message where a name has several addresses.
  return [error.code, error.message].filter(Boolean).join(' ') || error.name;
}
