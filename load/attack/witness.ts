// `attack --witness`: the latency of the attacked instance by other tools too.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../kit/program.ts';
import { table } from '../kit/table.ts';
import { witness, witnessNotes, witnessTable, type WitnessJob } from '../witness/witness.ts';

/** Few connections, so that requests do not wait for each other. */
const pace = { rounds: 3, seconds: 2, connections: 2 };

/** Returns the text of the table, and whether a request failed. */
export async function witnessed(
  job: Pick<WitnessJob, 'url' | 'requests' | 'timeoutSeconds' | 'stop'>,
): Promise<{ text: string; failed: boolean }> {
  const home = await mkdtemp(join(tmpdir(), 'marquee-witness-'));
  try {
    const found = await witness({ ...job, ...pace, wrk: await findProgram('wrk'), home });
    const { title, columns, rows } = witnessTable(found, job.url);
    const lines = [
      title,
      '',
      table(columns, rows),
      ...witnessNotes.map((note) => `- ${note}`),
      ...[...new Set(found.failures)].slice(0, 10).map((failure) => `FAILED: ${failure}`),
    ];
    return { text: `${lines.join('\n')}\n`, failed: found.failures.length > 0 };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
