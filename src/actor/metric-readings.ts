// A child's side of the figures: it gives them when the supervisor asks, and once more before it ends.

import type { Reading } from '#/telemetry/reading.ts';
import { onSupervisor, say } from './messages.ts';

/** Answers from now on. The function tells once more, unasked. */
export function reportMetrics(
  meters: readonly { read(): Reading | Promise<Reading> }[],
): () => Promise<void> {
  const tell = async (): Promise<void> => {
    const readings = await Promise.all(meters.map(async (meter) => meter.read()));
    say({ type: 'reading', reading: readings.flat() });
  };
  onSupervisor((message) => {
    if (message.type === 'measure') void tell();
  });
  return tell;
}
