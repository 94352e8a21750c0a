// Reads a feed as ingest would and says what is in it and what is amiss, touching nothing: for whoever makes a feed, or
// is about to add its provider.

import { Piscina } from 'piscina';
import { ConfigError } from '#/config-fault.ts';
import { readProvider } from '#/config.ts';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { withoutSecrets } from '#/provider/http/credentials.ts';
import { command, wantedOf, type Wanted } from './check/command-line.ts';
import { examine } from './check/examine.ts';
import { createProgress } from './check/progress.ts';
import { renderJson, renderText } from './check/render.ts';
import { openSource, SourceError } from './check/source.ts';
import { createParse } from '#/ingest/feeds/parse-pool.ts';

const threads = 2;
const exitCodes = { clean: 0, faulty: 1, notRead: 2, config: 78 } as const;

/** Gives the exit code. */
async function check({ file, provider, json }: Wanted): Promise<number> {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    maxQueue: 16,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  const dispatcher = createProviderAgent();
  try {
    // 1. Open the file or the URL
    const source = await openSource(file, provider, dispatcher);
    const name = file ?? withoutSecrets(provider.url);
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

async function checkOrSay(wanted: () => Wanted): Promise<number> {
  try {
    return await check(wanted());
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof ConfigError ? exitCodes.config : exitCodes.notRead;
  }
}

if (import.meta.main) {
  process.exitCode = await runCommand(process.argv.slice(2), command, (values, sources) =>
    checkOrSay(() => wantedOf(values, sources, (name) => readProvider(process.env, name))),
  );
}
