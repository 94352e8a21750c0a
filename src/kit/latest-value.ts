// A slot for one value: a newer value replaces an older one, and the reader takes values at its own pace.

export interface LatestValue<T> {
  put(value: T): void;
  /** Resolves to the newest value that was not taken yet, waiting for one if necessary; to undefined once closed. */
  take(): Promise<T | undefined>;
  close(): void;
}

export function createLatestValue<T>(): LatestValue<T> {
  let slot: { value: T } | undefined;
  let closed = false;
  let wake: (() => void) | undefined;
  return {
    put(value) {
      slot = { value };
      wake?.();
    },
    async take() {
      while (slot === undefined && !closed) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const taken = slot;
      slot = undefined;
      return closed ? undefined : taken?.value;
    },
    close() {
      closed = true;
      wake?.();
    },
  };
}
