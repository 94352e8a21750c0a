// One running system for all tests of the pages: two providers, of which one sends what the console has to show.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../load/simulator/server.ts';
import { base, feed, plan, zones } from '../_support/feeds.ts';
import { directoryFor, startSystem, until, type Owner, type System } from '../system/_system.ts';

export const northEvents = 130;

/** From 1 March 2031 on, one event each evening; every tenth is sold out. `count`: how many are in the feed. */
export const northFeed = (count = northEvents): string =>
  feed(
    Array.from({ length: count }, (_, i) => {
      const day = new Date(Date.UTC(2031, 2, 1 + i)).toISOString().slice(0, 10);
      const prices = zones(i % 10 === 0 ? '12.50/0' : '12.50/40', '30.00/10');
      const plans = [
        plan({ id: String(i), start: `${day}T20:00:00`, end: `${day}T21:30:00`, zones: prices }),
      ];
      return base({ id: String(i), title: i === 7 ? 'A Quiet Comet' : `Evening ${i}`, plans });
    }),
  );

/** One event, and one plan that cannot be read. */
const southFeed = feed([
  base({
    id: '900',
    title: 'South <b>Wind</b> & "Rain"',
    plans: [
      plan({ id: '1', start: '2031-03-05T18:00:00', end: '2031-03-05T19:00:00' }),
      plan({ id: '2', start: '2031-02-30T18:00:00', end: '2031-02-30T19:00:00' }),
    ],
  }),
]);

export interface Host {
  readonly system: System;
  readonly simulator: Simulator;
  readonly directory: string;
}

export async function startHost(t: Owner): Promise<Host> {
  const directory = await directoryFor(t);
  const simulator = await startSimulator({ port: 0 });
  t.teardown(() => simulator.close().catch(() => undefined));
  simulator.setRaw('north', northFeed());
  simulator.setRaw('south', southFeed);
  const provider = (name: string, pollSeconds: number): object => ({
    name,
    url: `${simulator.url}/raw/${name}?etag=0`,
    pollSeconds,
    timeZone: 'Europe/Madrid',
  });
  const providersFile = join(directory, 'providers.json');
  await writeFile(
    providersFile,
    JSON.stringify({ providers: [provider('north', 0.5), provider('south', 3600)] }),
  );
  const system = await startSystem(t, { DATA_DIR: join(directory, 'data'), PROVIDERS_FILE: providersFile });
  await until('all events are served', async () => {
    const { events, workers, version } = await system.status();
    return events === northEvents + 1 && workers.every((worker) => worker.version === version);
  });
  return { system, simulator, directory };
}
