// The providers of the configuration, with what ingest reported of each.

import type { ProviderState } from '#/actor/messages.ts';
import type { Config } from '#/config.ts';
import { unknownProvider } from './status.ts';

export interface KnownProviders {
  readonly states: ReadonlyMap<string, ProviderState>;
  set(name: string, state: ProviderState): void;
  /** Those of the configuration, in its order; those that stay keep their state. */
  match(config: Config): void;
}

export function createKnownProviders(config: Config): KnownProviders {
  const states = new Map<string, ProviderState>();
  const providers: KnownProviders = {
    states,
    set: (name, state) => void states.set(name, state),
    match(next) {
      const known = next.providers.map(({ name }) => [name, states.get(name) ?? unknownProvider] as const);
      states.clear();
      for (const [name, last] of known) states.set(name, last);
    },
  };
  providers.match(config);
  return providers;
}
