// What a child process receives of the configuration and the environment: everything but the secrets that it does not use. A fault
// in one kind of process then cannot give away those of another.

import { forWorkers } from '#/access/rules.ts';
import type { Config } from '#/config.ts';

export type ChildKind = 'api' | 'ingest';

const configurations: Readonly<Record<ChildKind, (config: Config) => Config>> = {
  api: (config) => ({
    ...config,
    otlp: withoutEndpoints(config),
    providers: [],
    access: forWorkers(config.access),
    tls: { ...config.tls, admin: null },
  }),
  ingest: (config) => ({
    ...config,
    otlp: withoutEndpoints(config),
    tls: { api: null, admin: null, redirectPort: null },
    access: { keys: null, issuer: null, adminTokenHash: null },
  }),
};

/** A child learns which signals are sent; the supervisor sends them. */
function withoutEndpoints({ otlp }: Config): Config['otlp'] {
  const none = { url: '', headers: {} };
  return {
    ...otlp,
    metrics: otlp.metrics === null ? null : { ...otlp.metrics, ...none },
    logs: otlp.logs === null ? null : { ...otlp.logs, ...none },
  };
}

export const configurationFor = (kind: ChildKind, config: Config): Config => configurations[kind](config);

/** Removes variables from the environment that a child process inherits: it receives their values as its configuration, if at all. */
export const withoutSecrets = ({ secretVariables }: Pick<Config, 'secretVariables'>): NodeJS.ProcessEnv =>
  Object.fromEntries(secretVariables.map((name) => [name, undefined]));
