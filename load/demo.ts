// The whole system with two simulated providers, in one terminal: what `make run` starts.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { februaryPath, late, running, starting, type Addresses } from './demo/messages.ts';
import { startChild } from './kit/child.ts';
import { expectFree, portFrom } from './kit/ports.ts';
import { waitFor } from './kit/wait.ts';
import { startSimulator } from './simulator/server.ts';

const help = `Usage: make run, or npm run demo [-- --help | --version]

Starts two simulated providers and the whole system on this machine; Ctrl-C stops everything. The variables PORT (8000),
ADMIN_PORT (9000) and SIMULATOR_PORT (8100) set the ports; npm start -- --help lists the other variables. Without DATA_DIR,
the demo stores its data in a temporary directory and removes it at the end.
`;

const readyTimeoutMs = 60_000;
const answerTimeoutMs = 2000;
const system = new URL('../src/main.ts', import.meta.url);

/** Resolves to the exit code: 0 after a signal; that of the system when it exits unexpectedly. */
async function main(environment: NodeJS.ProcessEnv): Promise<number> {
  // 1. Check that the ports are free
  const port = portFrom('PORT', environment['PORT'], 8000);
  const adminPort = portFrom('ADMIN_PORT', environment['ADMIN_PORT'], 9000);
  const simulatorPort = portFrom('SIMULATOR_PORT', environment['SIMULATOR_PORT'], 8100);
  await expectFree(port, 'the search', 'PORT');
  await expectFree(adminPort, 'the status page', 'ADMIN_PORT', '127.0.0.1');
  await expectFree(simulatorPort, 'the provider simulator', 'SIMULATOR_PORT', '127.0.0.1');
  const signalled = firstSignal();

  // 2. Start the providers
  await using resources = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'marquee-'));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  const simulator = await startSimulator({ port: simulatorPort });
  resources.defer(() => simulator.close());
  const addresses = {
    search: `http://127.0.0.1:${port}`,
    admin: `http://127.0.0.1:${adminPort}`,
    simulator: simulator.url,
  };
  process.stdout.write(starting(addresses));

  // 3. Start the system, and print how to use it as soon as it serves
  const child = startChild(system, {
    ipc: false,
    terminal: true,
    environment: {
      DATA_DIR: join(home, 'data'),
      ...environment,
      PROVIDERS_FILE: await writeProviders(home, simulator.url),
      PROVIDER_URL: undefined,
    },
  });
  const over = new AbortController();
  const announced = announce(addresses, over.signal);

  // 4. Run until a signal, or until the system exits
  const outcome = await Promise.race([signalled, child.exitCode()]);
  over.abort();
  await announced;
  if (typeof outcome === 'number') return outcome;
  // Ctrl-C reaches the child as well: it is part of the terminal's process group. Other signals reach this process only,
  // and SIGHUP would make the child reload.
  await child.stop(outcome === 'SIGINT' ? null : 'SIGTERM');
  return 0;
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
  const isServing = await waitFor(async () => (await servesFebruary(addresses, stop)) || undefined, {
    what: 'the system serves the events of both providers',
    withinMs: readyTimeoutMs,
    everyMs: 200,
    stop,
  }).catch(() => false);
  if (stop.aborted) return;
  process.stdout.write(isServing ? running(addresses) : late(addresses, readyTimeoutMs / 1_000));
}

/** Two nights of each of the two providers. Throws while a port does not answer. */
async function servesFebruary({ admin, search }: Addresses, stop: AbortSignal): Promise<boolean> {
  const get = (url: string): Promise<Response> =>
    fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(answerTimeoutMs)]) });
  const readiness = await get(`${admin}/readyz`);
  await readiness.body?.cancel();
  if (!readiness.ok) return false;
  const answer = await get(`${search}${februaryPath}`);
  const { data } = (await answer.json()) as { data: { events: unknown[] } | null };
  return data !== null && data.events.length >= 4;
}

/** Only the first signal counts. The listeners stay, so that a second Ctrl-C does not interrupt the shutdown. */
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
