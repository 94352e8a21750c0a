// One feed on its way to the search, and what that takes: the steps of this suite.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import type { System } from '../kit/system.ts';
import { usageOf, type Usage } from '../kit/usage.ts';
import type { Parsed } from './baseline.ts';
import { queryFor, titleAt, type Shape } from './document.ts';
import type { Asked, Listening } from './provider.ts';

/** Of programs that hold a whole document. */
export const heapMegabytes = 12_288;

export const startProvider = (shape: Shape, bases: number, ...file: string[]): Child =>
  startChild(new URL('provider.ts', import.meta.url), { args: [shape, String(bases), ...file] });

export async function runBaseline(bench: Bench, url: string, bases: number): Promise<Parsed> {
  await using child = startChild(new URL('baseline.ts', import.meta.url), {
    args: [url, String(bases)],
    nodeArgs: [`--max-old-space-size=${heapMegabytes}`],
  });
  return await child.receive<Parsed>('parsed', 180_000, bench.stop);
}

export const systemFor = (name: string, url: string) => ({
  name,
  apiWorkers: 1,
  providers: [{ name: 'load', url, format: 'plan-list-xml', pollSeconds: 0.5, timeoutSeconds: 1200 }],
});

/**
 * Milliseconds from the moment the provider was asked for this revision until a search shows it. `everyMs`: between two searches. With
 * the 5 ms that suit a change, the searches of a first load take an eighth of a core from the system.
 */
export async function untilSearchable(
  system: System,
  provider: Child,
  { last }: Listening,
  revision: number,
  { withinMs, everyMs = 5 }: { readonly withinMs: number; readonly everyMs?: number },
): Promise<number> {
  const { at } = await provider.receive<Asked>('asked', withinMs, system.stop);
  const query = queryFor(last);
  const title = JSON.stringify(titleAt(last, revision));
  const seenAt = await system.until(
    async () => ((await system.search(query)).includes(title) ? Date.now() : undefined),
    { what: `revision ${revision} can be searched`, withinMs, everyMs },
  );
  return seenAt - at;
}

/** Not during a run: the next run must start with the change that follows. */
export async function runEnded(system: System): Promise<void> {
  const seen = (await system.status()).providers['load']?.lastRun?.startedAt ?? 0;
  await system.until(
    async () => {
      const run = (await system.status()).providers['load']?.lastRun;
      return run !== null && run !== undefined && run.startedAt > seen ? true : undefined;
    },
    { what: 'the run has ended', withinMs: 120_000, everyMs: 20 },
  );
  await sleep(100, undefined, { signal: system.stop });
}

export async function usageOfIngest(system: System): Promise<Usage | null> {
  return await usageOf((await system.status()).ingest?.pid ?? 0);
}
