// Reads a feed as ingest would and says what is in it and what is amiss, touching nothing: for whoever makes a feed, or
// is about to add its provider.

import { Piscina } from 'piscina';
import { Agent } from 'undici';
import { runCommand } from '#/kit/command.ts';
import { command, wantedOf, type Wanted } from './check/command-line.ts';
import { examine } from './check/examine.ts';
import { createProgress } from './check/progress.ts';
import { renderJson, renderText } from './check/render.ts';
import { openSource, SourceError } from './check/source.ts';
import { createParse } from './parse-pool.ts';

const threads = 2;
const exitCodes = { clean: 0, faulty: 1, notRead: 2 } as const;

/** Gives the exit code. */
async function check({ source: name, provider, json }: Wanted): Promise<number> {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    maxQueue: 16,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  const dispatcher = new Agent({ connect: { timeout: 10_000 } });
  try {
    // 1. Open the file or the URL
    const source = await openSource(name, provider.limits, dispatcher);
    // 2. Read it through
    const progress = createProgress(process.stderr, source.bytes, () => performance.now());
    const deps = { parse: createParse(pool), parseAhead: threads + 1, progress: progress.advance };
    const examination = await examine(source, provider, deps).finally(progress.end);
    // 3. Say what was found
    process.stdout.write(json ? renderJson(name, examination) : renderText(name, examination));
    const isFaulty = examination.findings.some(({ severity }) => severity === 'error');
    return isFaulty ? exitCodes.faulty : exitCodes.clean;
  } finally {
    await pool.destroy();
    await dispatcher.destroy();
  }
}

async function checkOrSay(wanted: Wanted): Promise<number> {
  try {
    return await check(wanted);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.notRead;
  }
}

if (import.meta.main) {
  process.exitCode = await runCommand(process.argv.slice(2), command, (values, sources) =>
    checkOrSay(wantedOf(values, sources)),
  );
}
