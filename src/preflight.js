// Checks that this Node can run Marquee, and that its packages are installed. It is plain JavaScript, so that an old Node can
// run it: on a TypeScript file an old Node fails with an error that does not explain the cause. The npm scripts run it before
// each program, and main.ts imports it first.

import { existsSync, readFileSync } from 'node:fs';

const file = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const least = Number(/\d+/.exec(file.engines.node)[0]);

let fault = null;
if (!(Number.parseInt(process.versions.node, 10) >= least)) {
  fault =
    `Got Node ${process.versions.node} at ${process.execPath}, expected Node ${least} or newer. ` +
    `\`make run\` and \`npm ci\` install Node ${least} as a package, and then \`npm start\` uses it; ` +
    '`npm ci --omit=dev` does not install it.';
} else if (!existsSync(new URL('../node_modules', import.meta.url))) {
  fault = 'Got no node_modules, expected the packages of package-lock.json: run `npm ci` first.';
}
if (fault !== null) {
  process.stderr.write(`${fault}\n`);
  // EX_UNAVAILABLE of sysexits.h.
  process.exit(69);
}
