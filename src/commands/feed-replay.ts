// `npm run feed:replay`: rebuilds an archive and its snapshot from the kept bodies, or lists what would differ.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRow } from '#/archive/runs/runs.ts';
import { ConfigError } from '#/config-fault.ts';
import { readConfig } from '#/config.ts';
import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { isMissing } from '#/kit/files.ts';
import type { BodyEntry } from '#/provider/bodies/entry.ts';
import { claimDataDir } from '#/actor/data-dir.ts';
import { createDifferenceLines } from './replay/differences.ts';
import { dryRun } from './replay/dry-run.ts';
import { keptBodies, replay, type ReplayDeps } from './replay/replay.ts';

const help = `Usage: npx marquee replay --into DIRECTORY | --against [--from BODIES] [--help] [--version]
       npm run feed:replay -- --into DIRECTORY | --against [--from BODIES] [--help] [--version]

Rebuilds an archive and its snapshot in DIRECTORY from the kept bodies of feeds. Repeats the runs in their order, with the
same rules as ingest. DIRECTORY must be empty or not exist; afterwards it can serve as the DATA_DIR of a Marquee.

  --into DIRECTORY   where to build
  --against          builds nothing: lists what would differ from the archive (ARCHIVE_URL), per event and field, if the
                     bodies were read by this version with these settings
  --from BODIES      the kept bodies; default: DATA_DIR/bodies

PROVIDERS_FILE configures how each provider's feed is read, as for npm start. The rebuilt catalogue is equal to a published
one if both have the same sha256. To compute it for a running Marquee:

  tail -n +2 DATA_DIR/snapshots/manifests/VERSION | jq -r '.segments[].hash' | sha256sum

Exit codes: 0 built, or nothing would differ, 1 a body is damaged or the build failed, 2 something would differ,
64 the command line is not valid, 78 the configuration is not valid, or DIRECTORY is in use.
`;

const exitCodes = { built: 0, failed: 1, differs: 2, config: 78 } as const;
const options = {
  into: { type: 'string' },
  from: { type: 'string' },
  against: { type: 'boolean' },
} as const;

async function expectEmpty(directory: string): Promise<void> {
  if (!(await isEmpty(directory)))
    throw new UsageError(`Got ${directory}, which is not empty, expected an empty or new directory.`);
}

/** Ignores lock files: processes leave them behind. */
async function isEmpty(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).every((name) => /\.lock(\.json)?$/.test(name));
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

/** `into`: null for a dry run. Resolves to the exit code. */
async function run(into: string | null, bodiesGiven: string | undefined): Promise<number> {
  // 1. Read the configuration and the index of bodies
  const config = readConfig(process.env);
  const from = bodiesGiven ?? join(config.dataDir, 'bodies');
  if (into !== null) await expectEmpty(into);
  const bodies = await keptBodies(from, config.providers);
  if (bodies.length === 0) throw new Error(`Got no bodies in ${from}, expected at least one.`);
  const missing = (bodies.at(-1)?.number ?? 0) - bodies.length;
  const line = createLine();
  const deps: ReplayDeps = {
    providers: config.providers,
    threads: config.ingestThreads,
    progress: ({ provider, number, bytes }, read) =>
      line.show(`${provider}: body ${number}, ${Math.floor((100 * read) / bytes)} %`),
    replayed: (entry, row) => line.print(messageForRun(entry, row)),
  };
  if (into === null) {
    // 2. Without a directory, compare what they give with the archive
    const lines = createDifferenceLines(line.print, missing === 0);
    await dryRun(from, bodies, deps, { archiveUrl: config.archiveUrl, differs: lines.add });
    if (missing > 0) process.stderr.write(`${missing} older bodies are no longer kept.\n`);
    line.print(lines.summary(missing === 0));
    return lines.count > 0 ? exitCodes.differs : exitCodes.built;
  }
  // 2. Replay them, unless another process uses the directory
  await claimDataDir({ dataDir: into, archiveUrl: '' }, ['ingest'], Date.now, '--into');
  await expectEmpty(into);
  const { version, events, segments, catalogue } = await replay(from, bodies, into, deps);
  // 3. Print the result
  if (missing > 0)
    process.stderr.write(
      `${missing} older bodies are no longer kept: events that only they contained are missing.\n`,
    );
  line.print(`version ${version}: ${events} events, ${segments} segments`);
  line.print(`sha256 ${catalogue}`);
  return exitCodes.built;
}

function messageForRun(
  { provider, number, startedAt, runId }: BodyEntry,
  { outcome, code, counts }: RunRow,
): string {
  const instant = new Date(startedAt).toISOString();
  const kinds = ['added', 'changed', 'relisted', 'withdrawn', 'quarantined'] as const;
  const counted = kinds.map((kind) => `${counts[kind] ?? 0} ${kind}`).join(', ');
  const of = runId === null ? 'a run that was killed' : `run ${runId}`;
  const why = code === null ? '' : ` (${code})`;
  return `${provider}: body ${number} of ${of}, ${instant}: ${outcome}${why}, ${counted}`;
}

interface Line {
  /** Prints a line to the standard output. */
  print(text: string): void;
  /** On a terminal, shows the progress; the next line replaces it. */
  show(text: string): void;
}

const showEveryMs = 100;

function createLine(): Line {
  const { isTTY } = process.stderr;
  let shownAt = 0;
  const clear = (): void => void (isTTY && process.stderr.write('\r\u001B[K'));
  return {
    print(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    show(text) {
      if (!isTTY || performance.now() - shownAt < showEveryMs) return;
      shownAt = performance.now();
      clear();
      process.stderr.write(text);
    },
  };
}

async function runOrReport(into: string | null, from: string | undefined): Promise<number> {
  try {
    return await run(into, from);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof ConfigError ? exitCodes.config : exitCodes.failed;
  }
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options }, async ({ into, from, against = false }) => {
    if (against && into !== undefined)
      throw new UsageError('Got --against with --into, expected one of them.');
    if (!against && (into ?? '') === '')
      throw new UsageError('Got no --into, expected a directory, or --against.');
    return runOrReport(against ? null : (into ?? ''), from);
  });

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
