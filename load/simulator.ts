// The provider simulator as a command.

import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { guide } from './simulator/guide.ts';
import { startSimulator } from './simulator/server.ts';

const help = `Usage: node load/simulator.ts [--port 8100] [--host 127.0.0.1] [--help] [--version]

${guide}`;

const options = {
  port: { type: 'string', default: '8100' },
  host: { type: 'string', default: '127.0.0.1' },
} as const;

/** Serves until SIGINT or SIGTERM. */
async function serve(port: number, host: string): Promise<void> {
  const simulator = await startSimulator({ port, host, log: (line) => console.log(line) });
  console.log(`The provider simulator answers at ${simulator.url} (what it serves: curl ${simulator.url}/).`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void simulator.close());
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`Got --port ${text}, expected a number from 0 to 65535.`);
  return port;
}

if (import.meta.main) {
  process.exitCode = await runCommand(process.argv.slice(2), { help, options }, async ({ port, host }) => {
    await serve(portOf(port), host);
    return 0;
  }).catch((error: unknown) => {
    console.error(messageOf(error));
    return 1;
  });
}
