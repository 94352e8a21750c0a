// A process that opens an archive, closes it, and has nothing else to do.

import { openArchive } from '#/archive/archive.ts';

const archive = await openArchive(process.argv[2] ?? '');
await archive.close();
await archive.close();
process.stdout.write('closed\n');
