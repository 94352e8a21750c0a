// Diagnostics that a child process writes when it exceeds a limit: a heap report for memory, a CPU profile for the event loop.
// An operator may request a CPU profile at any time. At most ten files are kept. They contain no environment variables and no
// network addresses.

import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onSupervisorMessage, sendToSupervisor, type Limit } from './messages.ts';

const diagnosticsKept = 10;
const diagnosisMs = 2000;

/** Writes diagnostics and profiles when the supervisor requests them, and a report when V8 runs out of memory. `name`: of the actor. */
export async function diagnoseOnDemand(dataDir: string, name: string): Promise<void> {
  const directory = join(dataDir, 'diagnostics');
  onSupervisorMessage((message) => {
    if (message.type === 'profile') {
      const { id, seconds } = message;
      writeProfile('profile', seconds * 1000, directory, name).then(
        (path) => sendToSupervisor({ type: 'profiled', id, path }),
        () => sendToSupervisor({ type: 'profiled', id, path: null }),
      );
    }
    if (message.type !== 'diagnose') return;
    diagnose(message.limit, directory, name).then(
      (path) => sendToSupervisor({ type: 'diagnosed', path }),
      () => sendToSupervisor({ type: 'diagnosed', path: null }),
    );
  });
  await mkdir(directory, { recursive: true });
  process.report.directory = directory;
  Object.assign(process.report, { excludeNetwork: true });
  process.report.reportOnFatalError = true;
  await dropOld(directory);
}

/** Returns the path of the file. */
async function diagnose(limit: Limit, directory: string, name: string): Promise<string> {
  if (limit === 'loop') return writeProfile('loop', diagnosisMs, directory, name);
  await dropOld(directory);
  const file = join(directory, `${stemOf(name)}-memory.json`);
  await writeFile(file, JSON.stringify(process.report.getReport(), null, 2));
  return file;
}

async function writeProfile(about: string, ms: number, directory: string, name: string): Promise<string> {
  const profile = await cpuProfile(ms);
  await dropOld(directory);
  const file = join(directory, `${stemOf(name)}-${about}.cpuprofile`);
  await writeFile(file, profile);
  return file;
}

const stemOf = (name: string): string =>
  `${new Date().toISOString().replaceAll(':', '-')}-${name}-${process.pid}`;

async function cpuProfile(ms: number): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(ms);
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
  }
}

/** Deletes the oldest files so that one more can be written. */
async function dropOld(directory: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const path = join(directory, name);
      // Another child process may have deleted it meanwhile.
      return { path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const old = files.toSorted((a, b) => b.at - a.at).slice(diagnosticsKept - 1);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
