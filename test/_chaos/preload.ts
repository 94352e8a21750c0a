// Preloaded into every process of a system under test by NODE_OPTIONS: faults inside the process, on a signal or a file.
// SIGUSR2 starts an endless loop. CLOCK_FILE has the error of the wall clock in milliseconds. STARTS_FILE has
// a character for each of the next API workers: those with a minus exit with code 3.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  for (;;);
});

const starts = process.env['STARTS_FILE'] ?? '';
if (process.argv[1]?.endsWith('api/api.ts') === true && existsSync(starts)) {
  const [next, ...further] = readFileSync(starts, 'utf8');
  writeFileSync(starts, further.join(''));
  if (next === '-') process.exit(3);
}

const file = process.env['CLOCK_FILE'];
if (file !== undefined) {
  const RealDate = Date;
  const realNow = Date.now;
  let offset = 0;
  const look = (): void => {
    offset = Number(readFileSync(file, 'utf8'));
  };
  look();
  setInterval(look, 50).unref();
  const now = (): number => realNow() + offset;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given) =>
      (given.length === 0 ? new target(now()) : Reflect.construct(target, given)) as Date,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
