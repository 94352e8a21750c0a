// The whole system with two simulated providers, in one terminal: what `make run` starts.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { startChild, type Child } from './demo/child.ts';
import { becomes } from './demo/patience.ts';
import { expectFree, portFrom } from './demo/ports.ts';
import { februaryPath, late, running, starting, type Addresses } from './demo/words.ts';
import { startSimulator } from './simulator/server.ts';

const help = `Usage: make run, or npm run demo [-- --help | --version]

Starts two simulated providers and the whole system on this machine; Ctrl-C ends it all. The variables PORT (8000), ADMIN_PORT
(9000) and SIMULATOR_PORT (8100) move its ports; the others are those of npm start -- --help. Without DATA_DIR, what is
stored is removed at the end.
`;

const readyPatienceMs = 60_000;
const stopGraceMs = 15_000;
const system = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Resolves to the exit code: 0 after a signal, otherwise that of the system, if it ended by itself. */
async function main(environment: NodeJS.ProcessEnv): Promise<number> {
  // 1. See that there is room
  const port = portFrom('PORT', environment['PORT'], 8000);
  const adminPort = portFrom('ADMIN_PORT', environment['ADMIN_PORT'], 9000);
  const simulatorPort = portFrom('SIMULATOR_PORT', environment['SIMULATOR_PORT'], 8100);
  await expectFree(port, 'the search', 'PORT');
  await expectFree(adminPort, 'the status page', 'ADMIN_PORT', '127.0.0.1');
  await expectFree(simulatorPort, 'the provider simulator', 'SIMULATOR_PORT', '127.0.0.1');
  const signalled = firstSignal();

  // 2. Start the providers
  await using toEnd = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'marquee-'));
  toEnd.defer(() => rm(home, { recursive: true, force: true }));
  const simulator = await startSimulator({ port: simulatorPort });
  toEnd.defer(() => simulator.close());
  const addresses = {
    search: `http://127.0.0.1:${port}`,
    admin: `http://127.0.0.1:${adminPort}`,
    simulator: simulator.url,
  };
  process.stdout.write(starting(addresses));

  // 3. Start the system, and say how to use it once it can be used
  const child = startChild(system, {
    DATA_DIR: join(home, 'data'),
    ...environment,
    PROVIDERS_FILE: await writeProviders(home, simulator.url),
    PROVIDER_URL: undefined,
  });
  const over = new AbortController();
  const announced = announce(addresses, over.signal);

  // 4. Stay until someone has had enough
  const outcome = await Promise.race([signalled, child.ended]);
  over.abort();
  await announced;
  return typeof outcome === 'number' ? outcome : await stopped(child, outcome);
}

async function writeProviders(folder: string, url: string): Promise<string> {
  const path = join(folder, 'providers.json');
  const [stagedoor, boxoffice] = [`${url}/plans`, `${url}/events?gzip=1`];
  const providers = [
    { name: 'stagedoor', url: stagedoor, format: 'plan-list-xml', timeZone: 'UTC', pollSeconds: 2 },
    {
      name: 'boxoffice',
      url: boxoffice,
      format: 'event-list-xml',
      timeZone: 'Europe/Madrid',
      pollSeconds: 2,
    },
  ];
  await writeFile(path, `${JSON.stringify({ providers }, null, 2)}\n`);
  return path;
}

async function announce(addresses: Addresses, stop: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([stop, AbortSignal.timeout(readyPatienceMs)]);
  const isServing =
    (await becomes(`${addresses.admin}/readyz`, (answer) => answer.ok, patience)) &&
    (await becomes(`${addresses.search}${februaryPath}`, hasFebruary, patience));
  if (stop.aborted) return;
  process.stdout.write(isServing ? running(addresses) : late(addresses, readyPatienceMs / 1_000));
}

/** Two nights of each of the two providers. */
async function hasFebruary(answer: Response): Promise<boolean> {
  const { data } = (await answer.json()) as { data: { events: unknown[] } | null };
  return data !== null && data.events.length >= 4;
}

/** Ctrl-C reaches the child by itself, as part of the terminal's process group; other signals reach only us, and to the
 * child SIGHUP would mean to reload. */
async function stopped(child: Child, signal: NodeJS.Signals): Promise<number> {
  await (signal === 'SIGINT' ? child.stop(stopGraceMs) : child.stop(stopGraceMs, 'SIGTERM'));
  return 0;
}

/** Only the first one counts: the listeners stay, so an impatient second Ctrl-C ends nothing half-way. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
}

if (import.meta.main) {
  process.exitCode = await runCommand(process.argv.slice(2), { help, options: {} }, () =>
    main(process.env),
  ).catch((error: unknown) => {
    console.error(messageOf(error));
    return 1;
  });
}
