// `npm run feed:check`: reads a feed as ingest would, and reports what it contains and what is not valid, without changing
// anything. For people who write a feed or add a provider.

import { Piscina } from 'piscina';
import { ConfigError } from '#/config-fault.ts';
import { readProvider } from '#/config.ts';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { privateHostsOf } from '#/provider/http/addresses.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { withoutSecrets } from '#/provider/http/credentials.ts';
import { command, parseArguments, type CheckOptions } from './check/command-line.ts';
import { examine } from './check/examine.ts';
import { createProgress } from './check/progress.ts';
import { renderJson, renderText } from './check/render.ts';
import { openSource, SourceError } from './check/source.ts';
import { createParse } from '#/ingest/feeds/parse-pool.ts';

const threads = 2;
const exitCodes = { clean: 0, faulty: 1, notRead: 2, config: 78 } as const;

/** Returns the exit code. */
async function check({ file, provider, json }: CheckOptions): Promise<number> {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    maxQueue: 16,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  const dispatcher = createProviderAgent({ privateHosts: privateHostsOf([provider]) });
  try {
    // 1. Open the file or the URL
    const source = await openSource(file, provider, dispatcher);
    const name = file ?? withoutSecrets(provider.url);
    // 2. Read it to its end
    const progress = createProgress(process.stderr, source.bytes, () => performance.now());
    const deps = { parse: createParse(pool), parseAhead: threads + 1, progress: progress.advance };
    const examination = await examine(source, provider, deps).finally(progress.end);
    // 3. Print the report
    process.stdout.write(json ? renderJson(name, examination) : renderText(name, examination));
    const isFaulty = examination.findings.some(({ severity }) => severity === 'error');
    return isFaulty ? exitCodes.faulty : exitCodes.clean;
  } finally {
    await pool.destroy();
    await dispatcher.destroy();
  }
}

async function checkOrReport(options: () => CheckOptions): Promise<number> {
  try {
    return await check(options());
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof ConfigError ? exitCodes.config : exitCodes.notRead;
  }
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, command, (values, sources) =>
    checkOrReport(() => parseArguments(values, sources, (name) => readProvider(process.env, name))),
  );

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
