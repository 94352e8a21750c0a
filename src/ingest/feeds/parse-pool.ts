// Parses records in the thread pool: a record that crashes its thread, or never ends, affects no other record.

import pLimit from 'p-limit';
import type { Piscina } from 'piscina';
import { packRecords, type PackedRecords } from '#/domain/packed/records.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import { messageOf } from '#/kit/errors.ts';
import { packTask, type ParseTask } from '#/provider/parse-task.ts';

const batchDeadlineMs = 20_000;

/** Parses a batch. The pieces of the results, in their order, are the records of the task. */
export type Parse = (task: ParseTask) => Promise<readonly PackedRecords[]>;

/** Parses batches in `pool`. Never rejects: a record that cannot be parsed has the fault `parse_failed`. */
export function createParse(pool: Piscina): Parse {
  const filename = new URL('../../provider/parse.thread.ts', import.meta.url).href;

  // At most one task per thread: the deadline then covers the parsing, not the wait in a queue.
  const limit = pLimit(pool.maxThreads);

  const once = (task: ParseTask): Promise<PackedRecords> =>
    limit(async () => {
      const signal = AbortSignal.timeout(batchDeadlineMs);
      return (await pool.run(packTask(task), { filename, signal })) as PackedRecords;
    });

  return async (task) => {
    if (task.records.length === 0) return [];
    try {
      return [await once(task)];
    } catch {
      // Parse each record alone to find the one that failed.
      const parsed: PackedRecords[] = [];
      for (const record of task.records) {
        const alone = once({ ...task, records: [record] });
        parsed.push(await alone.catch((error: unknown) => packRecords([[unparsed(record, error)]])));
      }
      return parsed;
    }
  };
}

function unparsed({ place }: ParseTask['records'][number], error: unknown): ParsedRecord {
  const refusal = {
    code: 'parse_failed',
    message: `The record could not be parsed in ${batchDeadlineMs} ms: ${messageOf(error)}`,
  };
  const faults = [{ refusal, baseId: null, planId: null, place }];
  return { key: null, observations: [], faults, irregularClocks: 0, duplicates: 0 };
}
