// Measures the operations of a store or the archive: their duration and failures.

import type { Meters } from './meter.ts';
import type { storeMetrics } from './metrics.ts';

export interface TimedOptions {
  /** Whether an error is an answer, not a failure: the object does not exist. */
  readonly isAnswer?: (error: unknown) => boolean;
  /** Called after each operation. */
  readonly ended?: (succeeded: boolean) => void;
}

/** Returns the object with every method that returns a promise measured. The method names become labels. */
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
