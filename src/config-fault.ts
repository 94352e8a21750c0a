// The faults of a configuration: each names the variable, what it got and what it expected. All faults are reported at once.

import { withoutSecrets } from '#/provider/http/credentials.ts';

/** The configuration is not valid: one line per fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** One line of a ConfigError. */
export const faultOf = (name: string, got: unknown, expected: string): string =>
  `${name}: got ${got === undefined ? 'nothing' : shortened(withoutSecrets(JSON.stringify(got)))}, ${expected}`;

const shownMax = 200;
const shortened = (text: string): string => (text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`);
