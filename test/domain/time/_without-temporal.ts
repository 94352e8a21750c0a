// A process whose engine has no Temporal: reads local times as JSON from the standard input, and prints what the
// domain makes of them with the polyfill.

import { text } from 'node:stream/consumers';

export type Clock = readonly [written: string, timeZone: string];

export interface Answers {
  readonly usesPolyfill: boolean;
  readonly clocks: readonly unknown[];
}

export async function answer(clocks: readonly Clock[]): Promise<Answers> {
  const { Temporal } = await import('#/domain/time/temporal.ts');
  const { repairedWallClock } = await import('#/domain/time/repaired-clock.ts');
  const { isTimeZone, parseWallClock } = await import('#/domain/time/wall-clock.ts');
  return {
    usesPolyfill: Temporal === (await import('@js-temporal/polyfill')).Temporal,
    clocks: clocks.map(([written, timeZone]) =>
      isTimeZone(timeZone)
        ? [parseWallClock(written, timeZone), repairedWallClock(written, timeZone)]
        : 'no such zone',
    ),
  };
}

if (import.meta.main) {
  Reflect.deleteProperty(globalThis, 'Temporal');
  process.stdout.write(JSON.stringify(await answer(JSON.parse(await text(process.stdin)) as Clock[])));
}
