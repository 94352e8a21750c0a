// A store or the archive, with each of its operations timed and its failures counted.

import type { Meters } from './meter.ts';
import type { storeMetrics } from './metrics.ts';

export interface TimedOptions {
  /** What is no failure but an answer: nothing is there. */
  readonly isAnswer?: (error: unknown) => boolean;
  /** Hears of each whether it succeeded. */
  readonly ended?: (succeeded: boolean) => void;
}

/** The same object with every method that gives a promise watched. Their names become labels: there are few. */
export function timed<T extends object>(
  target: T,
  store: string,
  { operationDuration, operationErrors }: Meters<typeof storeMetrics>,
  { isAnswer = () => false, ended = () => undefined }: TimedOptions = {},
): T {
  const watch = (operation: string, call: (...args: unknown[]) => unknown) => {
    operationErrors.inc({ store, operation }, 0);
    return (...args: unknown[]): unknown => {
      const begun = performance.now();
      const result = call.apply(target, args);
      if (!(result instanceof Promise)) return result;
      const settle = (succeeded: boolean): void => {
        operationDuration.observe({ store, operation }, (performance.now() - begun) / 1000);
        if (!succeeded) operationErrors.inc({ store, operation });
        ended(succeeded);
      };
      result.then(
        () => settle(true),
        (error: unknown) => settle(isAnswer(error)),
      );
      return result;
    };
  };
  return Object.fromEntries(
    Object.entries(target).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function' ? watch(name, value as (...args: unknown[]) => unknown) : value,
    ]),
  ) as T;
}
