// Temporal: the engine's own where it exists (ten times as fast), otherwise the polyfill.

import type { Temporal as Polyfill } from '@js-temporal/polyfill';

const native = (globalThis as unknown as { Temporal?: typeof Polyfill }).Temporal;

export const Temporal: typeof Polyfill = native ?? (await import('@js-temporal/polyfill')).Temporal;
