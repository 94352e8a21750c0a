// Receives traces, metrics and logs like a collector: OTLP over HTTP, in both encodings.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Ending } from '../_servers/ending.ts';
import { decodeOtlp, isOtlpPath, type OtlpPath } from './_otlp.ts';

type Attributes = Readonly<Record<string, unknown>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

export interface ReceivedPoint {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  /** Of sums. */
  readonly isMonotonic: boolean;
  readonly isCumulative: boolean;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  /** Of a histogram: the number of values. */
  readonly value: number;
  /** Of a histogram; its last bucket has no bound. */
  readonly buckets: readonly number[];
  readonly bounds: readonly number[];
  readonly sum: number;
  readonly startMs: number;
  readonly timeMs: number;
}

export interface ReceivedLog {
  readonly body: string;
  readonly severity: number;
  readonly severityText: string;
  readonly traceId: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

export interface Receiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The points of each export of metrics. */
  readonly exports: readonly (readonly ReceivedPoint[])[];
  readonly logs: readonly ReceivedLog[];
  /** Path and content type of all requests, without repetition. */
  readonly requests: ReadonlySet<string>;
  /** What could not be decoded. */
  readonly faults: readonly string[];
  /** Answers with this status from now on; 0 accepts requests and never answers. */
  answer(status: number): void;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes: readonly Attribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: string | number;
  readonly sum?: number;
  readonly bucketCounts?: readonly (string | number)[];
  readonly explicitBounds?: readonly number[];
}
interface Data {
  readonly dataPoints: readonly Point[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}
type Metric = { readonly name: string; readonly unit: string } & Partial<
  Record<'gauge' | 'sum' | 'histogram', Data>
>;
interface Resource {
  readonly attributes: readonly Attribute[];
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
}
interface LogRecord {
  readonly body: { readonly stringValue: string };
  readonly severityNumber: number;
  readonly severityText: string;
  readonly traceId?: string;
  readonly attributes: readonly Attribute[];
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
  readonly resourceMetrics: readonly {
    readonly resource: Resource;
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
  readonly resourceLogs: readonly {
    readonly resource: Resource;
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  }[];
}

export async function startReceiver(ending: Ending): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const exports: ReceivedPoint[][] = [];
  const logs: ReceivedLog[] = [];
  const requests = new Set<string>();
  const faults: string[] = [];
  let status = 200;

  async function receive(request: IncomingMessage): Promise<void> {
    const { url: path = '', headers, method } = request;
    const type = headers['content-type'] ?? '';
    const body = await buffer(request);
    requests.add(`${path} ${type}`);
    if (status !== 200) return;
    if (method !== 'POST' || !isOtlpPath(path)) throw new Error(`Got ${method} ${path}.`);
    const sent = decodeOtlp(path, type, body) as Sent;
    const taken: Record<OtlpPath, () => unknown> = {
      '/v1/traces': () => spans.push(...spansOf(sent)),
      '/v1/metrics': () => exports.push(pointsOf(sent)),
      '/v1/logs': () => logs.push(...logsOf(sent)),
    };
    taken[path]();
  }

  const server = createServer((request, response) => {
    void receive(request)
      .catch((error: unknown) => void faults.push(String(error)))
      .then(() => status > 0 && response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, spans, exports, logs, requests, faults, answer: (next) => void (status = next) };
}

function spansOf({ resourceSpans }: Sent): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map(
        ({ parentSpanId = '', startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }) => ({
          ...span,
          parentSpanId,
          startMs: msOf(startTimeUnixNano),
          endMs: msOf(endTimeUnixNano),
          failed: status?.code === 2,
          attributes: plain(attributes),
          resource: plain(resource.attributes),
        }),
      ),
    ),
  );
}

function pointsOf({ resourceMetrics }: Sent): ReceivedPoint[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap((metric) => {
        const kind = (['gauge', 'sum', 'histogram'] as const).find((one) => metric[one] !== undefined)!;
        const { dataPoints, isMonotonic = false, aggregationTemporality } = metric[kind]!;
        return dataPoints.map((point) => ({
          name: metric.name,
          unit: metric.unit,
          kind,
          isMonotonic,
          isCumulative: aggregationTemporality === 2,
          attributes: plain(point.attributes),
          resource: plain(resource.attributes),
          value: Number(point.asDouble ?? point.count),
          buckets: (point.bucketCounts ?? []).map(Number),
          bounds: point.explicitBounds ?? [],
          sum: point.sum ?? 0,
          startMs: msOf(point.startTimeUnixNano),
          timeMs: msOf(point.timeUnixNano),
        }));
      }),
  );
}

function logsOf({ resourceLogs }: Sent): ReceivedLog[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs
      .flatMap(({ logRecords }) => logRecords)
      .map(({ body, severityNumber, severityText, traceId = '', attributes }) => ({
        body: body.stringValue,
        severity: severityNumber,
        severityText,
        traceId,
        attributes: plain(attributes),
        resource: plain(resource.attributes),
      })),
  );
}

const msOf = (nanoseconds: string): number => Number(nanoseconds) / 1e6;

/** An integer is a text in the encoding of a 64-bit number. */
const plain = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      'intValue' in value ? Number(value['intValue']) : Object.values(value)[0],
    ]),
  );
