// The metric readings of a child process: sent when the supervisor requests them, and once before the process exits.

import type { Reading } from '#/telemetry/reading.ts';
import { onSupervisorMessage, sendToSupervisor } from './messages.ts';

/** Answers the supervisor's requests from now on. The returned function sends the readings once, without a request. */
export function reportMetrics(
  meters: readonly { read(): Reading | Promise<Reading> }[],
): () => Promise<void> {
  const report = async (): Promise<void> => {
    const readings = await Promise.all(meters.map(async (meter) => meter.read()));
    sendToSupervisor({ type: 'reading', reading: readings.flat() });
  };
  onSupervisorMessage((message) => {
    if (message.type === 'measure') void report();
  });
  return report;
}
