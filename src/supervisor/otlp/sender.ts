// Sends by OTLP in a thread: serialising and HTTP never delay the supervisor. At most one part of each signal is under way.

import { Worker } from 'node:worker_threads';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import { messageOf } from '#/kit/errors.ts';
import { reportFlags } from '#/kit/machine/reports.ts';
import type { HostThread, Sent, Signal, ToHostThread } from '#/telemetry/otel/host.thread.ts';
import type { Config } from '#/config.ts';

export interface Sender {
  /** Resolves to null, or to why it was not sent. Never rejects. A signal must not be sent before its last part has ended. */
  send(message: ToHostThread): Promise<string | null>;
  /** Ends the thread, and with it what is under way. */
  end(): Promise<void>;
}

const threadMegabytesMax = 96;
/** Exporters give up after 10 s (OTEL_EXPORTER_OTLP_TIMEOUT); a thread that reports nothing for this long is replaced. */
const answerMsMax = 60_000;
const stopped = 'the exporter stopped';

export function createSender({ service, attributes, metrics, logs }: Config['otlp']): Sender {
  const data: HostThread = {
    service,
    attributes,
    version: versionOfPackage(),
    sinceMs: performance.timeOrigin,
    metrics,
    logs,
  };
  const pending = new Map<Signal, (error: string | null) => void>();
  let thread: Worker | null = null;
  let ended = false;

  function drop(reason: string): Promise<unknown> {
    const dropped = thread;
    thread = null;
    for (const resolve of pending.values()) resolve(reason);
    pending.clear();
    return dropped?.terminate() ?? Promise.resolve();
  }

  /** A thread that failed is replaced by the next part. */
  function started(): Worker {
    if (thread !== null) return thread;
    const own = new Worker(new URL('../../telemetry/otel/host.thread.ts', import.meta.url), {
      workerData: data,
      execArgv: [...reportFlags],
      resourceLimits: { maxOldGenerationSizeMb: threadMegabytesMax },
    });
    own.unref();
    own.on('message', ({ signal, error }: Sent) => {
      const resolve = pending.get(signal);
      pending.delete(signal);
      resolve?.(error);
    });
    own.on('error', (error) => {
      if (thread === own) void drop(`its thread failed: ${messageOf(error)}`);
    });
    own.on('exit', () => {
      if (thread === own) void drop('its thread ended');
    });
    return (thread = own);
  }

  // Loading its modules takes a moment.
  if (metrics !== null || logs !== null) started();
  return {
    async send(message) {
      if (ended) return stopped;
      const { signal } = message;
      const { promise, resolve } = Promise.withResolvers<string | null>();
      pending.set(signal, resolve);
      const timer = setTimeout(() => void drop(`no answer within ${answerMsMax} ms`), answerMsMax);
      try {
        started().postMessage(message, []);
        return await promise;
      } catch (error) {
        pending.delete(signal);
        return messageOf(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async end() {
      ended = true;
      await drop(stopped);
    },
  };
}
