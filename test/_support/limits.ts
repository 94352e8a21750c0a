import type { Provider } from '#/provider/provider.ts';

/** Limits that no feed of a test reaches by accident. */
export const limits: Provider['limits'] = {
  totalMs: 30_000,
  headersMs: 10_000,
  idleMs: 10_000,
  bytesMax: 100e6,
  decodedBytesMax: 100e6,
  recordBytesMax: 10e6,
  bytesPerSecondMin: 1,
};
