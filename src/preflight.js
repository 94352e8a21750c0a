// Whether this Node can run Marquee, and whether its packages are installed. Plain JavaScript of long ago, since any Node
// must be able to read it: an older one fails on the first TypeScript file with a trace that explains nothing. The npm
// scripts run it before a program, and main.ts imports it first.

import { existsSync, readFileSync } from 'node:fs';

const file = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const least = Number(/\d+/.exec(file.engines.node)[0]);

let fault = null;
if (!(Number.parseInt(process.versions.node, 10) >= least)) {
  fault =
    `Got Node ${process.versions.node} at ${process.execPath}, expected Node ${least} or newer. ` +
    `\`make run\` and \`npm ci\` install Node ${least} as a package, and then \`npm start\` uses it; ` +
    '`npm ci --omit=dev` does not.';
} else if (!existsSync(new URL('../node_modules', import.meta.url))) {
  fault = 'Got no node_modules, expected the packages of package-lock.json: run `npm ci` first.';
}
if (fault !== null) {
  process.stderr.write(`${fault}\n`);
  // sysexits.h: something that it needs is unavailable.
  process.exit(69);
}
