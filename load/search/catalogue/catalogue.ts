// The catalogue under test, loaded as in production: the system fetches the feeds of two providers and publishes them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../../kit/bench.ts';
import { startChild, type Child } from '../../kit/child.ts';
import { startSystem, type Status, type System } from '../../kit/system.ts';
import type { Recipe } from '../../simulator/recipe.ts';
import { createOracle, idsOf, type Oracle, type ProviderRecipe } from './oracle.ts';
import type { Change, Listening } from './provider.ts';

export interface CatalogueSpec {
  /** Approximate: some records of the feed are not sold online, so that no search finds them. */
  readonly events: number;
  readonly days: number;
}

export interface Catalogue extends AsyncDisposable {
  readonly name: string;
  readonly system: System;
  readonly oracle: Oracle;
  /** The ids of the events that change after `change` was called. */
  readonly moving: ReadonlySet<string>;
  /** A file with the answer to a query for everything, and its length. */
  readonly file: string;
  readonly bytes: number;
  readonly loadMs: number;
  /** Makes the small provider change its feed at this interval; null stops the changes. */
  change(everyMs: number | null): void;
}

/** A million events take a few minutes, on a busy machine far more. */
const loadMs = 2_400_000;
const offlineShare = 0.02;
/** Each festival day has this many events; together they have a fifth of the catalogue. */
const hotDayEvents = 20_000;
const hotDayShare = 0.2;
const liveBases = 200;
const livePollSeconds = 0.5;

function recipesFor({ events, days }: CatalogueSpec): [catalogue: Partial<Recipe>, live: Partial<Recipe>] {
  const hotDays = Math.max(1, Math.round((events * hotDayShare) / hotDayEvents));
  const shape = { days, offlineShare, hotDays, hotDayShare, longShare: 0.05, zonesPerPlan: 3 };
  const bases = Math.max(1, Math.round((events - liveBases) / (1 - offlineShare) / 2));
  return [
    { ...shape, seed: 1, bases, plansPerBase: 2 },
    { ...shape, seed: 2, bases: liveBases, plansPerBase: 1, offlineShare: 0, changedPerRevision: 3 },
  ];
}

/** Resolves when each API worker serves all events. */
export async function loadCatalogue(
  bench: Bench,
  spec: CatalogueSpec,
  apiWorkers: number,
  environment: Readonly<Record<string, string>>,
): Promise<Catalogue> {
  const startedAt = performance.now();
  const [recipe, live] = recipesFor(spec);
  await using ends = new AsyncDisposableStack();
  const provider = ends.use(
    startChild(new URL('provider.ts', import.meta.url), {
      args: [recipe, live].map((one) => JSON.stringify(one)),
    }),
  );
  const { url } = await provider.receive<Listening>('listening', 30_000, bench.stop);
  const name = `${spec.events.toLocaleString('en')} events`;
  const system = ends.use(
    await startSystem(bench, systemFor(`search-${spec.events}`, url, apiWorkers, environment)),
  );
  const small: ProviderRecipe = { provider: 'live', recipe: live };
  const oracle = await createOracle([{ provider: 'catalogue', recipe }, small], bench.stop);
  await system.until(async () => isServed(await system.status(), oracle.starts.length) || undefined, {
    what: `all ${oracle.starts.length} events are searchable`,
    withinMs: loadMs,
    everyMs: 100,
  });
  const everything = oracle.answer({ start: -Infinity, end: Infinity });
  const file = join(bench.home, `catalogue-${spec.events}.json`);
  await writeFile(file, everything);
  const started = ends.move();
  return {
    name,
    system,
    oracle,
    moving: idsOf(small),
    file,
    bytes: everything.length,
    loadMs: performance.now() - startedAt,
    change: (everyMs) => changeEvery(provider, everyMs),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

const systemFor = (
  name: string,
  url: string,
  apiWorkers: number,
  environment: Readonly<Record<string, string>>,
) => ({
  name,
  apiWorkers,
  environment,
  providers: [
    {
      name: 'catalogue',
      url: `${url}/catalogue`,
      format: 'plan-list-xml',
      pollSeconds: 86_400,
      timeoutSeconds: loadMs / 1000,
    },
    {
      name: 'live',
      url: `${url}/live`,
      format: 'plan-list-xml',
      pollSeconds: livePollSeconds,
      pollSecondsMax: 1,
    },
  ],
});

const changeEvery = (provider: Child, everyMs: number | null): void =>
  provider.send({ type: 'change', everyMs } satisfies Change);

const isServed = ({ events, announced, workers, providers }: Status, wanted: number): boolean =>
  ['catalogue', 'live'].every((name) => wasRead(providers[name]?.lastRun?.outcome ?? null)) &&
  events === wanted &&
  workers.every(({ version }) => version === announced);

const wasRead = (outcome: string | null): boolean => outcome === 'absorbed' || outcome === 'unchanged';
