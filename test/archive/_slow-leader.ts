// A leader that starts to absorb and is suspended in the middle of its transaction: in a process of its own, which suspends
// itself.

import { openArchive } from '#/archive/archive.ts';
import { beginRun, recordOf } from './_observed.ts';

const [url = '', fence = '1', stuckMs = '0'] = process.argv.slice(2);
const archive = await openArchive(url);
await archive.lead(Number(fence));
const run = await beginRun(archive);
const record = recordOf('late', [{}]);
let asked = 0;
Object.defineProperty(record.batch, 'notes', {
  get() {
    // The first call is inside the transaction.
    if (asked++ === 0) {
      process.stdout.write('stuck\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(stuckMs));
    }
    return new Map();
  },
});
await archive.absorb(run, [record]).then(
  () => process.stdout.write('absorbed\n'),
  (error: unknown) => process.stdout.write(`refused: ${String(error)}\n`),
);
await archive.absorb(await beginRun(archive), [recordOf('later', [{}])]).then(
  () => process.stdout.write('absorbed again\n'),
  (error: unknown) => process.stdout.write(`refused again: ${String(error)}\n`),
);
await archive.close();
