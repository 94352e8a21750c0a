// Exports the metrics and, on request, the log lines of all processes of this host by OTLP. What waits is bounded; a part that
// cannot be sent is counted and dropped. Metrics are cumulative, so the next export makes up for a lost one.

import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildMessage } from '#/actor/messages.ts';
import type { Config } from '#/config.ts';
import type { SlotMetrics } from '#/supervisor/collected-metrics.ts';
import type { Signal, ToHostThread } from '#/telemetry/otel/host.thread.ts';
import type { ExportedMetrics } from './exported-metrics.ts';
import { createLineQueue, type LineQueue } from './line-queue.ts';
import { createSender, type Sender } from './sender.ts';

export interface HostExporter {
  /** Continues with another configuration. */
  use(config: OtlpConfig): void;
  /** Takes a log line of this process. */
  line(text: string): void;
  /** Follows the processes of a slot. */
  watching<Watch extends Pick<SlotMetrics, 'heard'>>(watch: Watch): Watch;
  /** Sends a last reading and the lines that wait. Takes at most three seconds. */
  stop(): Promise<void>;
}

type OtlpConfig = Config['otlp'];
type Report = (level: 'info' | 'warn', text: string) => void;

interface Session {
  readonly lines: LineQueue | null;
  stop(): Promise<void>;
}

const linesEveryMs = 1000;
const stopMs = 3000;

/** `report` logs what the operator of the endpoint must know. */
export function createHostExporter(
  config: OtlpConfig,
  metrics: ExportedMetrics,
  report: Report,
): HostExporter {
  let current = config;
  let session = start(config, metrics, report);
  const line = (text: string): void => session.lines?.add(text);
  return {
    use(next) {
      if (isDeepStrictEqual(current, next)) return;
      current = next;
      void session.stop();
      session = start(next, metrics, report);
    },
    line,
    watching: (watch) => ({
      ...watch,
      heard(message: ChildMessage, from: Parameters<SlotMetrics['heard']>[1]) {
        watch.heard(message, from);
        if (message.type !== 'lines') return;
        for (const text of message.lines) line(text);
        if (message.dropped > 0) metrics.linesDropped(message.dropped);
      },
    }),
    stop: () => session.stop(),
  };
}

function start(config: OtlpConfig, metrics: ExportedMetrics, report: Report): Session {
  const sender = createSender(config);
  const signals = {
    metrics: config.metrics === null ? null : createSignal('metrics', sender, metrics, report),
    logs: config.logs === null ? null : createSignal('logs', sender, metrics, report),
  };
  const lines = signals.logs === null ? null : createLineQueue(() => metrics.linesDropped(1));

  const sendMetrics = async (): Promise<void> => {
    await signals.metrics?.send(async () => ({ signal: 'metrics', reading: await metrics.read() }));
  };
  /** Until the queue is empty, or a part fails. */
  async function sendLines(): Promise<void> {
    while (lines !== null && lines.length > 0) {
      let taken = 0;
      const sent = await signals.logs?.send(() => {
        const part = lines.take();
        taken = part.length;
        return Promise.resolve({ signal: 'logs', lines: part });
      });
      if (sent === true) continue;
      if (taken > 0) metrics.linesDropped(taken);
      return;
    }
  }

  const timers = [
    config.metrics === null ? null : setInterval(() => void sendMetrics(), config.metrics.intervalMs),
    lines === null ? null : setInterval(() => void sendLines(), linesEveryMs),
  ];
  for (const timer of timers) timer?.unref();
  let ending: Promise<void> | null = null;
  return {
    lines,
    stop: () => (ending ??= end()),
  };

  async function end(): Promise<void> {
    for (const timer of timers) if (timer !== null) clearInterval(timer);
    const last = Promise.all([
      signals.metrics?.idle().then(sendMetrics),
      signals.logs?.idle().then(sendLines),
    ]);
    await Promise.race([last, sleep(stopMs, undefined, { ref: false })]);
    await sender.end();
  }
}

interface ExportedSignal {
  /** Resolves to whether it was sent; at once to null while the last part is under way. */
  send(read: () => Promise<ToHostThread>): Promise<boolean | null>;
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>;
}

/** Reports the first failure and the recovery, not each one. */
function createSignal(
  signal: Signal,
  sender: Sender,
  metrics: ExportedMetrics,
  report: Report,
): ExportedSignal {
  let underWay: Promise<boolean> | null = null;
  let failing = false;
  metrics.exporting(signal);

  async function send(read: () => Promise<ToHostThread>): Promise<boolean> {
    const error = await sender.send(await read());
    metrics.exported(signal, error === null);
    if (error !== null && !failing) report('warn', `${signal} cannot be sent by OTLP: ${error}`);
    if (error === null && failing) report('info', `${signal} are sent by OTLP again`);
    failing = error !== null;
    return error === null;
  }

  return {
    async send(read) {
      if (underWay !== null) return null;
      underWay = send(read).finally(() => (underWay = null));
      return underWay;
    },
    idle: async () => underWay,
  };
}
