// Temporal: the engine's own where it has one (ten times as fast), the polyfill elsewhere.

import { Temporal as polyfill } from '@js-temporal/polyfill';

export const Temporal: typeof polyfill =
  (globalThis as unknown as { Temporal?: typeof polyfill }).Temporal ?? polyfill;
