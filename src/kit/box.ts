// A one-slot box: newer news replaces older, and the reader works at its own pace.

export interface Box<T> {
  put(value: T): void;
  /** The newest value not taken yet; waits for one. Resolves to undefined once closed. */
  take(): Promise<T | undefined>;
  close(): void;
}

export function createBox<T>(): Box<T> {
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
