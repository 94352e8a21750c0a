// The other end of a child: says things to the benchmark that started it, and never outlives it.

import type { Said } from './child.ts';

export function say(message: Said): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

export function onBench(listener: (message: Said) => void): void {
  process.on('message', (message) => listener(message as Said));
}

/** To be called first: a terminal signals everybody at once, and who started us decides when we end. */
export function livesWithBench(): void {
  process.on('SIGINT', () => undefined);
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}
