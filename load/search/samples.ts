// Answers compared with the oracle, before the load and in the middle of it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../kit/system.ts';
import type { Oracle, Range } from './oracle.ts';
import { queryOf } from './scenarios.ts';

/** What was wrong with the answers to these, one after the other. */
export async function checkAnswers(
  system: System,
  oracle: Oracle,
  ranges: readonly Range[],
): Promise<{ faults: string[]; bytes: number }> {
  const faults: string[] = [];
  let bytes = 0;
  for (const range of ranges) {
    const body = await system.search(queryOf(range));
    bytes += Buffer.byteLength(body);
    const fault = oracle.fault(range, body);
    if (fault !== undefined) faults.push(`${queryOf(range)}: ${fault}`);
  }
  return { faults, bytes };
}

/** Now and then one, until `over`: seldom enough to take nothing from the load. */
export async function checkMeanwhile(
  system: System,
  oracle: Oracle,
  ranges: readonly Range[],
  over: AbortSignal,
): Promise<string[]> {
  const everyMs = 250;
  const faults: string[] = [];
  for (let i = 0; !over.aborted; i++) {
    const range = ranges[i % ranges.length] as Range;
    faults.push(...(await checkAnswers(system, oracle, [range])).faults);
    await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
  }
  return faults;
}
