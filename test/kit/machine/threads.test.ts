// The young generations of threads in a process whose flag limits that of its main thread.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);

/** The megabytes to which the young generation of a thread grows that may have 48, in a process with a limit of 1 for a half of it. */
async function grownMegabytes(before: string): Promise<number> {
  const thread = `
    const { parentPort } = require('node:worker_threads');
    const { getHeapSpaceStatistics } = require('node:v8');
    const size = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
    let [most, kept] = [0, []];
    for (let round = 0; round < 300; round++) {
      // Half of it survives a collection, so that V8 lets the young generation grow.
      for (let i = 0; i < 20_000; i++) { kept.push({ i }); }
      kept = kept.slice(-100_000);
      most = Math.max(most, size());
    }
    parentPort.postMessage(most / 2 ** 20);`;
  const program = `
    import { Worker } from 'node:worker_threads';
    import { sizeThreadsByTheirLimits } from '#/kit/machine/threads.ts';
    ${before}
    const thread = new Worker(${JSON.stringify(thread)}, { eval: true, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 48 } });
    thread.on('message', (megabytes) => console.log(megabytes));`;
  const args = ['--max-semi-space-size=1', '--input-type=module', '--eval', program];
  const { stdout } = await run(process.execPath, args, { cwd: new URL('../../..', import.meta.url) });
  return Number(stdout);
}

test('the flag of a process limits its threads, until they are sized by their own limits', async (t) => {
  const [limited, own] = [await grownMegabytes(''), await grownMegabytes('sizeThreadsByTheirLimits();')];
  t.log(`${limited} MB with the flag, ${own} MB without it`);
  t.true(limited > 0 && limited <= 3);
  t.true(own > 4);
});
