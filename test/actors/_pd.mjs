import { Piscina } from 'piscina';
import { createParse } from '/work/main/src/actors/parse-pool.ts';
const timeout = AbortSignal.timeout;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms === 20000 ? Number(process.argv[2]) : ms);
const pool = new Piscina({
  minThreads: 1,
  maxThreads: 1,
  maxQueue: 64,
  execArgv: ['--import', '/work/main/test/actors/_poison.ts'],
});
pool.on('error', (e) => console.log('pool error', e.message));
const parse = createParse(pool);
const rec = (t) => `<base_plan base_plan_id="${t}" sell_mode="online" title="${t}"></base_plan>`;
for (let k = 0; k < 4; k++) {
  const texts = ['a', 'NEVER ENDS', 'b', 'c'].map(rec).map((s) => Buffer.from(s));
  const bytes = new Uint8Array(texts.reduce((n, b) => n + b.length, 0));
  let u = 0;
  const records = texts.map((b) => {
    bytes.set(b, u);
    u += b.length;
    return { from: u - b.length, to: u, place: { offset: 0, line: 1, column: 1 } };
  });
  const t = performance.now();
  const out = await parse({
    format: 'plan-list-xml',
    reading: { provider: 'x', timeZone: 'UTC', priceZones: 'all' },
    bytes: bytes.buffer,
    records,
  });
  console.log(
    Math.round(performance.now() - t),
    out.map((r) => r.map((x) => x.key ?? x.faults[0].refusal.message.slice(0, 90))),
  );
}
await pool.destroy();
