// Temporal: the engine's own where it has one (ten times as fast); the polyfill is loaded elsewhere only.

import type { Temporal as Polyfill } from '@js-temporal/polyfill';

const native = (globalThis as unknown as { Temporal?: typeof Polyfill }).Temporal;

export const Temporal: typeof Polyfill = native ?? (await import('@js-temporal/polyfill')).Temporal;
