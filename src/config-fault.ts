// What is wrong with a configuration: each fault with the variable, what it saw and what it wanted, all of them at once.

import { withoutSecrets } from '#/provider/http/credentials.ts';

/** All that is wrong with the configuration, one line each. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** One line of a ConfigError. */
export const faultOf = (name: string, saw: unknown, wanted: string): string =>
  `${name}: got ${saw === undefined ? 'nothing' : shortened(withoutSecrets(JSON.stringify(saw)))}, ${wanted}`;

const shownMax = 200;
const shortened = (text: string): string => (text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`);
