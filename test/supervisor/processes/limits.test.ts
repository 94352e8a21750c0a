import test from 'ava';
import { createLimits, replaceEveryMs, type Limits } from '#/supervisor/processes/limits.ts';
import { createLog } from '#/telemetry/log.ts';

interface Watched extends Limits {
  readonly seen: { readonly diagnosed: string[]; replaced: number };
  pass(ms: number): void;
}

function limitsFor(max: { memoryMegabytes: number; loopDelayMs: number }): Watched {
  let now = 0;
  const seen = { diagnosed: [] as string[], replaced: 0 };
  const limits: Limits = createLimits({
    name: 'one',
    max: () => max,
    diagnose(limit) {
      seen.diagnosed.push(limit);
      setImmediate(() => limits.diagnosed('/somewhere'));
    },
    replace() {
      seen.replaced++;
      return Promise.resolve(null);
    },
    log: createLog({ level: 'silent', actor: 'test' }),
    now: () => now,
  });
  return Object.assign(limits, { seen, pass: (ms: number) => void (now += ms) });
}

const beats = async (
  limits: Watched,
  count: number,
  vitals: { rss?: number; delay?: number },
): Promise<void> => {
  for (let i = 0; i < count; i++)
    limits.beat({ rssMegabytes: vitals.rss ?? 0, loopDelayMs: vitals.delay ?? 0, refused: 0 });
  await new Promise((resolve) => setTimeout(resolve, 5));
};

test('a short peak replaces no process', async (t) => {
  const limits = limitsFor({ memoryMegabytes: 100, loopDelayMs: 50 });
  for (let i = 0; i < 5; i++) {
    await beats(limits, 9, { rss: 101, delay: 51 });
    await beats(limits, 1, { rss: 100, delay: 50 });
  }
  t.deepEqual(limits.seen, { diagnosed: [], replaced: 0 });
});

for (const [limit, vitals] of [
  ['memory', { rss: 101 }],
  ['loop', { delay: 51 }],
] as const) {
  test(`a process over its limit of ${limit} writes a report, and a successor replaces it, at most rarely`, async (t) => {
    const limits = limitsFor({ memoryMegabytes: 100, loopDelayMs: 50 });
    await beats(limits, 30, vitals);
    t.deepEqual(limits.seen, { diagnosed: [limit], replaced: 1 });
    await beats(limits, 30, vitals);
    t.is(limits.over, limit);
    t.is(limits.seen.replaced, 1, 'another that is over the limit as well stays');
    limits.pass(replaceEveryMs);
    await beats(limits, 1, vitals);
    t.is(limits.seen.replaced, 2);
  });
}

test('0 sets no limit', async (t) => {
  const limits = limitsFor({ memoryMegabytes: 0, loopDelayMs: 0 });
  await beats(limits, 100, { rss: 1e6, delay: 1e6 });
  t.is(limits.over, null);
  t.is(limits.seen.replaced, 0);
});
