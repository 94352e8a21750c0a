// One simulation by seed: two hosts that fetch and publish in turns, two API workers, a database and a snapshot store. All of
// it is Marquee's own code except external systems. First a phase with faults, then one without. The invariants:
//
// - what was committed to the archive is never lost, and the search finds it as it was last seen online;
// - no version is published twice;
// - a worker's view is always one complete published version, and never an older one than before;
// - without faults, every worker soon serves what the providers send, and no host reports a trouble.

import { keepLeadership } from '#/ingest/leadership.ts';
import { createRefresher } from '#/api/refresh.ts';
import { startLeader, type LeaderDeps } from '#/ingest/leader.ts';
import { createTrouble } from '#/actor/trouble.ts';
import { openArchiveOn, type Archive } from '#/archive/archive.ts';
import type { AbsorbRecord } from '#/archive/absorbing/batch.ts';
import type { Observation } from '#/domain/event.ts';
import { observationsOf } from '#/domain/packed/records.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import type { View } from '#/search/view.ts';
import build from '#/snapshot/build.thread.ts';
import { createLog } from '#/telemetry/log.ts';
import { noTracing } from '#/telemetry/tracing.ts';
import { wipedDisk, type Disk } from './_disk.ts';
import { createTheatre, type Theatre } from './_providers.ts';
import { createSharedStore, type SharedStore } from './_store.ts';
import { beginLife, calm, createWorld, type Life, type Weather, type World } from './_world.ts';

export interface Story {
  /** The violated invariants; empty when none was. */
  readonly faults: readonly string[];
  /** A digest of the simulation: equal for two runs of one seed. */
  readonly trace: number;
  readonly published: number;
  readonly swaps: number;
}

interface Stage {
  readonly world: World;
  readonly disk: Disk;
  readonly store: SharedStore;
  readonly theatres: readonly Theatre[];
  /** What the archive has committed: rendered events by id, as last seen online. */
  readonly known: Map<string, Shown>;
  /** The events that a version must have. */
  readonly expected: Map<number, string>;
  readonly faults: string[];
  /** Workers that wait for announcements. */
  readonly listeners: Set<() => void>;
  published: number;
  swaps: number;
}

interface Shown {
  readonly start: number;
  readonly text: string;
}

const nothing = (): void => undefined;
const log = createLog({ level: 'silent', actor: 'simulation' });
const all = { start: -Infinity, end: Infinity };
/** Many short phases with faults find more than a few long ones. */
const stormMs = 9_000;
/** A provider may be unavailable for this long, which opens its breaker; */
const closedMs = 300_000;
/** the breaker waits for at most ten minutes, whatever the clocks show. */
const calmMs = closedMs + 600_000 + 60_000;

/** `tell` receives each step as it happens. */
export async function tellStory(seed: number, tell?: (line: string) => void): Promise<Story> {
  const world = createWorld(seed, tell);
  const { random } = world;
  const real = { now: Date.now, random: Math.random };
  // Code without a clock argument uses these.
  Date.now = () => Date.UTC(2026, 0, 1) + world.elapsed();
  Math.random = () => random.fraction();
  try {
    const stage: Stage = {
      world,
      disk: await wipedDisk(),
      store: createSharedStore(world),
      theatres: Array.from({ length: random.int(1, 2) }, (_, i) => createTheatre(`theatre${i}`, random)),
      known: new Map(),
      expected: new Map([[0, '']]),
      faults: [],
      listeners: new Set(),
      published: 0,
      swaps: 0,
    };
    world.weather = randomWeather(world);
    const troupe = [
      ...['a', 'b'].map((name) => keepHost(stage, name)),
      ...['1', '2'].map((name) => keepWorker(stage, name)),
    ];
    if (random.chance(0.05)) random.pick(stage.theatres).close(random.int(stormMs, closedMs));
    while (world.elapsed() < stormMs) {
      await world.goOn(random.int(100, 2000));
      if (random.chance(0.6)) random.pick(stage.theatres).live();
      if (random.chance(0.1)) stage.store.suffer();
      if (random.chance(0.1)) random.pick(troupe).kill();
    }
    world.weather = calm;
    const isCalm = await world.goOn(calmMs, () => isAgreed(stage, troupe));
    if (!isCalm)
      stage.faults.push(`It is not at rest ${calmMs} ms after the last fault: ${apart(stage, troupe)}`);
    for (const one of troupe) one.stop();
    await world.goOn(100);
    const { faults, published, swaps } = stage;
    return { faults, published, swaps, trace: world.trace };
  } finally {
    Object.assign(Date, { now: real.now });
    Math.random = real.random;
  }
}

/** Some seeds have one kind of fault only, so that one does not hide another. */
function randomWeather({ random }: World): Weather {
  const some = (most: number): number => (random.chance(0.4) ? 0 : most * random.fraction());
  return { fail: some(0.03), die: some(0.004), dawdle: some(0.1), freeze: some(0.001), step: some(0.01) };
}

interface Player {
  /** The events that it serves; null when it serves none, or is not a worker. */
  shows(): string | null;
  readonly isWorker: boolean;
  /** Its troubles, by source. */
  readonly troubles: ReadonlyMap<string, string>;
  kill(): void;
  stop(): void;
}

/** A process that is restarted whenever it dies. */
function keepAlive(
  { world, disk }: Stage,
  name: string,
  act: (life: Life, stop: AbortSignal) => Promise<void>,
): Pick<Player, 'kill' | 'stop'> {
  const stopping = new AbortController();
  let life: Life | null = null;
  function begin(): void {
    if (stopping.signal.aborted) return;
    const begun = beginLife(world, name, () => {
      disk.died(begun);
      void world.sleep(200).then(begin);
    });
    life = begun;
    act(begun, stopping.signal).catch(() => begun.end());
  }
  begin();
  return { kill: () => life?.end(), stop: () => stopping.abort() };
}

function keepHost(stage: Stage, name: string): Player {
  const troubles = new Map<string, string>();
  const alive = keepAlive(stage, `host ${name}`, async (life, stop) => {
    let fence: number | null = null;
    let seen = '';
    troubles.clear();
    const trouble = createTrouble((message) => {
      if (message.type !== 'trouble') return;
      if (message.message === null) troubles.delete(message.source);
      else troubles.set(message.source, message.message);
    });
    const archive = watched(await openArchiveOn(stage.disk.dialectFor(life)), stage, (text) => (seen = text));
    const deps: LeaderDeps = {
      archive,
      store: stage.store.storeFor(
        life,
        () => fence,
        ({ version }) => {
          stage.published++;
          if (stage.expected.has(version)) stage.faults.push(`Version ${version} was published twice.`);
          stage.expected.set(version, seen);
          stage.world.note(`host ${name} publishes version ${version}`);
        },
      ),
      mirror: null,
      bodies: { keep: () => Promise.resolve() },
      providers: stage.theatres.map(({ provider }) => provider),
      feeds: {
        fetch: ({ name: of }, validators) => theatreOf(stage, of).fetch(life, validators),
        async parse(task) {
          await life.at('parse');
          return [parseBatch(packTask(task))];
        },
        parseAhead: 2,
      },
      async build(task) {
        await life.at('build');
        return build(task);
      },
      buildAhead: 2,
      log,
      trouble,
      meters: {
        startsPolling: nothing,
        publishHeld: nothing,
        runEnded: nothing,
        reportProvider: nothing,
        published: nothing,
      },
      tracing: noTracing,
      clock: life.clock,
      sendToSupervisor(message) {
        if (message.type !== 'announce') return;
        for (const listener of stage.listeners) if (stage.world.random.chance(0.8)) listener();
      },
    };
    await keepLeadership(
      {
        leases: stage.store.leasesFor(life, name),
        log,
        trouble,
        clock: life.clock,
        fence: () => archive.fence(),
        async lead(lease, ending) {
          await archive.lead(lease.fence);
          fence = lease.fence;
          await (
            await startLeader(deps, ending)
          ).done;
          fence = null;
        },
      },
      stop,
    );
  });
  return { ...alive, isWorker: false, shows: () => null, troubles };
}

const theatreOf = ({ theatres }: Stage, name: string): Theatre =>
  theatres.find(({ provider }) => provider.name === name) as Theatre;

/** The archive, with a simpler record of what it has committed. */
function watched(archive: Archive, { disk, known }: Stage, saw: (text: string) => void): Archive {
  return {
    ...archive,
    absorb(run, records) {
      // The first query of its transaction has the provider.
      const asked = {
        ...run,
        get provider() {
          disk.onCommit(() => remember(known, records));
          return run.provider;
        },
      };
      return archive.absorb(asked, records);
    },
    frozen: (read) =>
      archive.frozen((catalogue) => {
        saw(textOf(known));
        return read(catalogue);
      }),
  };
}

function remember(known: Map<string, Shown>, records: readonly AbsorbRecord[]): void {
  for (const { batch, index } of records)
    for (const { id, facts } of observationsOf(batch, index))
      if (facts.sellMode === 'online') known.set(id, { start: facts.start, text: shown(id, facts) });
}

function shown(id: string, facts: Observation['facts']): string {
  const [startDate, startTime] = facts.startLocal.split('T');
  const [endDate, endTime] = facts.endLocal.split('T');
  return JSON.stringify({
    id,
    title: facts.title,
    start_date: startDate,
    start_time: startTime,
    end_date: endDate,
    end_time: endTime,
    min_price: facts.minPrice === null ? null : facts.minPrice / 100,
    max_price: facts.maxPrice === null ? null : facts.maxPrice / 100,
  });
}

function textOf(known: ReadonlyMap<string, Shown>): string {
  const events = [...known].toSorted(([a, { start }], [b, other]) => start - other.start || (a < b ? -1 : 1));
  return `{"data":{"events":[${events.map(([, { text }]) => text).join(',')}]},"error":null}`;
}

const shownIn = (view: View): string => Buffer.concat(answer(search(view, all)).parts).toString();

function keepWorker(stage: Stage, name: string): Player {
  let shows: string | null = null;
  const alive = keepAlive(stage, `worker ${name}`, async (life, stop) => {
    shows = null;
    let last = 0;
    const store = stage.store.storeFor(
      life,
      () => null,
      () => undefined,
    );
    const refresher = createRefresher({
      store,
      swapped(view) {
        stage.swaps++;
        stage.world.note(`worker ${name} shows version ${view.version}`);
        shows = shownIn(view);
        if (view.version <= last)
          stage.faults.push(`Worker ${name} went from version ${last} to ${view.version}.`);
        if (shows !== stage.expected.get(view.version))
          stage.faults.push(`Worker ${name} shows another version ${view.version} than was published.`);
        last = view.version;
      },
      refused: () => void store.requestVerification().catch(() => undefined),
    });
    while (!stop.aborted) {
      await refresher.refresh();
      const news = new AbortController();
      const hear = (): void => news.abort();
      stage.listeners.add(hear);
      await life.clock.sleep(1000 * (0.5 + life.clock.random()), AbortSignal.any([news.signal, stop]));
      stage.listeners.delete(hear);
    }
  });
  return { ...alive, isWorker: true, shows: () => shows, troubles: new Map() };
}

/** Every worker serves what is known, and what is known is what the providers send. */
function isAgreed({ theatres, known }: Stage, troupe: readonly Player[]): boolean {
  const text = textOf(known);
  if (troupe.some((one) => one.troubles.size > 0 || (one.isWorker && one.shows() !== text))) return false;
  return theatres.every(({ bases }) =>
    bases.every(
      ({ title, sellMode, plans }) =>
        sellMode === 'offline' || occurrences(text, JSON.stringify(title)) === plans.length,
    ),
  );
}

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

function apart({ known, theatres }: Stage, troupe: readonly Player[]): string {
  const seen = troupe.filter(({ isWorker }) => isWorker).map((one) => one.shows() ?? 'nothing');
  return [
    `known ${textOf(known)}`,
    ...seen.map((text) => `shown ${text}`),
    ...troupe.flatMap(({ troubles }) => [...troubles].map(([source, message]) => `${source}: ${message}`)),
    `said ${JSON.stringify(theatres.map(({ bases }) => bases.map(({ title }) => title)))}`,
  ].join('\n');
}
