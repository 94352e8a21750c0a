// What a child writes down when it has crossed a limit, for those who look later: a report of its heap for memory, a CPU
// profile for its event loop. A few files, the oldest go; no variable of the environment and no address is in them.

import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onSupervisor, say, type Limit } from './messages.ts';

const diagnosticsKept = 10;
const profileMs = 2000;

/** Writes when the supervisor asks for it, and has V8 write when it runs out of memory. `name` says who it is. */
export async function diagnoseOnDemand(dataDir: string, name: string): Promise<void> {
  const directory = join(dataDir, 'diagnostics');
  onSupervisor((message) => {
    if (message.type !== 'diagnose') return;
    diagnose(message.limit, directory, name).then(
      (path) => say({ type: 'diagnosed', path }),
      () => say({ type: 'diagnosed', path: null }),
    );
  });
  await mkdir(directory, { recursive: true });
  process.report.directory = directory;
  Object.assign(process.report, { excludeNetwork: true });
  process.report.reportOnFatalError = true;
  await dropOld(directory);
}

/** Gives the path of the file. */
async function diagnose(limit: Limit, directory: string, name: string): Promise<string> {
  const stem = `${new Date().toISOString().replaceAll(':', '-')}-${name}-${process.pid}`;
  await dropOld(directory);
  if (limit === 'memory') {
    const file = join(directory, `${stem}-memory.json`);
    await writeFile(file, JSON.stringify(process.report.getReport(), null, 2));
    return file;
  }
  const file = join(directory, `${stem}-loop.cpuprofile`);
  await writeFile(file, await cpuProfile());
  return file;
}

async function cpuProfile(): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(profileMs);
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
  }
}

/** Leaves room for one more. */
async function dropOld(directory: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const path = join(directory, name);
      // Another child may have dropped it meanwhile.
      return { path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const old = files.toSorted((a, b) => b.at - a.at).slice(diagnosticsKept - 1);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
