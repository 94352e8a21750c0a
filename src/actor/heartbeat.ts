// The heartbeat of a child process: sent as long as its event loop runs, with its memory use and event loop delay.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sendToSupervisor, type Vitals } from './messages.ts';

/** The interval of heartbeats, and of the ticks of the supervisor's watchdog. */
export const beatMs = 200;

const resolutionMs = 20;
const megabyte = 1_000_000;

/** `more` adds the actor's own values to each heartbeat. */
export function keepBeating(more: () => Partial<Vitals> = () => ({})): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let rssMegabytes = 0;
  setInterval(() => {
    const loopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.mean / 1e6 - resolutionMs);
    delay.reset();
    rssMegabytes = residentMegabytes() ?? rssMegabytes;
    sendToSupervisor({ type: 'beat', vitals: { loopDelayMs, rssMegabytes, refused: 0, ...more() } });
  }, beatMs).unref();
}

/** Null when it cannot be read: this fails while every file descriptor of the process is in use. */
function residentMegabytes(): number | null {
  try {
    return process.memoryUsage.rss() / megabyte;
  } catch {
    return null;
  }
}
