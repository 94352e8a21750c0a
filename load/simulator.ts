// The provider simulator as a command.

import { parseArgs } from 'node:util';
import { guide } from './simulator/guide.ts';
import { startSimulator } from './simulator/server.ts';

const help = `Usage: node load/simulator.ts [--port 8100] [--host 127.0.0.1] [--help]

${guide}`;

/** Serves until SIGINT or SIGTERM. Sets the exit code 1, and says why, if it cannot. */
async function main(): Promise<void> {
  const { port, host, wantsHelp } = commandLine();
  if (wantsHelp) return void process.stdout.write(help);
  const simulator = await startSimulator({ port, host, log: (line) => console.log(line) });
  console.log(`The provider simulator answers at ${simulator.url} (what it serves: curl ${simulator.url}/).`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void simulator.close());
}

function commandLine(): { port: number; host: string; wantsHelp: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8100' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535))
    throw new RangeError(`Got --port ${values.port}, expected a number from 0 to 65535.`);
  return { port, host: values.host, wantsHelp: values.help };
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
