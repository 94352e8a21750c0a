// The catalogue that is searched, through the real path: a provider's generated feed, fetched and published by the system.

import { freePorts } from '../kit/ports.ts';
import { eventually } from '../kit/patience.ts';
import { startChild } from '../kit/child.ts';
import { startSystem, type Status, type System } from '../kit/system.ts';
import type { Bench } from '../kit/bench.ts';
import type { Recipe } from '../simulator/recipe.ts';

const loadMs = 300_000;

/** Resolves when each API worker serves all `events`. The simulator may be ended then. */
export async function loadCatalogue(
  bench: Bench,
  recipe: Partial<Recipe>,
  events: number,
  apiWorkers: number,
): Promise<System> {
  const [port] = (await freePorts(1)) as [number];
  await using simulator = startChild(new URL('../simulator.ts', import.meta.url), {
    talks: false,
    args: ['--port', String(port)],
  });
  const query = new URLSearchParams(Object.entries(recipe).map(([name, value]) => [name, String(value)]));
  const url = `http://127.0.0.1:${port}/generated?${query.toString()}`;
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).ok || undefined, {
    what: 'the simulator answers',
    withinMs: 30_000,
    everyMs: 50,
    stop: AbortSignal.any([bench.stop, simulator.ended]),
  });
  const system = await startSystem(bench, {
    name: 'search',
    apiWorkers,
    providers: [{ name: 'load', url, format: 'plan-list-xml', pollSeconds: 86_400 }],
  });
  try {
    await system.until(async () => isServed(await system.status(), events) || undefined, {
      what: `all ${events} events can be searched`,
      withinMs: loadMs,
      everyMs: 100,
    });
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}

const isServed = ({ events, announced, workers, providers }: Status, wanted: number): boolean =>
  providers['load']?.lastRun?.outcome === 'absorbed' &&
  events === wanted &&
  workers.every(({ version }) => version === announced);
