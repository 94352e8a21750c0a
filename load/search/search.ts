import type { Bench, Outcome } from '../kit/bench.ts';
export async function searchSuite(_b: Bench): Promise<Outcome> { throw new Error('x'); }
