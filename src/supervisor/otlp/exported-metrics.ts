// What the export by OTLP reads and counts.

import type { Signal } from '#/telemetry/otel/host.thread.ts';
import type { Reading } from '#/telemetry/reading.ts';

export interface ExportedMetrics {
  /** The readings of all processes. */
  read(): Promise<Reading>;
  /** Counts of this signal begin, at 0. */
  exporting(signal: Signal): void;
  exported(signal: Signal, succeeded: boolean): void;
  linesDropped(lines: number): void;
}
