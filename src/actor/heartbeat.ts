// A child's side of the watchdog: it beats as long as its event loop turns, and tells how it fares.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { say, type Vitals } from './messages.ts';

/** How often a child beats, and the supervisor's watchdog ticks. */
export const beatMs = 200;

const resolutionMs = 20;
const megabyte = 1_000_000;

/** `more` adds what only this actor knows. */
export function keepBeating(more: () => Partial<Vitals> = () => ({})): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let rssMegabytes = 0;
  setInterval(() => {
    const loopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - resolutionMs);
    delay.reset();
    rssMegabytes = residentMegabytes() ?? rssMegabytes;
    say({ type: 'beat', vitals: { loopDelayMs, rssMegabytes, refused: 0, ...more() } });
  }, beatMs).unref();
}

/** Null when it cannot be read: where every descriptor of the process is in use, that throws. */
function residentMegabytes(): number | null {
  try {
    return process.memoryUsage.rss() / megabyte;
  } catch {
    return null;
  }
}
