// What ingest reported: the version that it announced, the host that leads, what blocks it, and the state of the providers.

import type { ChildMessage, Leader, SupervisorMessage, TroubleSource } from '#/actor/messages.ts';
import type { CollectedMetrics } from './collected-metrics.ts';
import type { KnownProviders } from './known-providers.ts';
import type { Operator } from './operator/admin.ts';

export interface IngestReports {
  readonly announced: { readonly version: number } | null;
  /** Null when no host leads, or when this host runs no ingest. */
  readonly leader: Leader | null;
  /** What blocks ingest, by source. */
  readonly troubles: ReadonlyMap<TroubleSource, string>;
  heard(message: ChildMessage): void;
  /** Drops what an ingest process reported: it is valid only while that process runs. */
  forget(): void;
}

export interface IngestReportsDeps {
  readonly providers: Pick<KnownProviders, 'set'>;
  readonly operator: Pick<Operator, 'heard'>;
  readonly trouble: CollectedMetrics['trouble'];
  /** Sends to every API worker. */
  readonly broadcast: (message: SupervisorMessage) => void;
}

export function createIngestReports(deps: IngestReportsDeps): IngestReports {
  const { providers, operator, trouble, broadcast } = deps;
  const troubles = new Map<TroubleSource, string>();
  let announced: IngestReports['announced'] = null;
  let leader: Leader | null = null;

  function forget(): void {
    for (const source of troubles.keys()) trouble(source, false);
    troubles.clear();
    leader = null;
  }

  return {
    get announced() {
      return announced;
    },
    get leader() {
      return leader;
    },
    troubles,
    forget,
    heard(message) {
      if (message.type === 'hello') forget();
      if (message.type === 'announce') {
        const { version, traceparent } = message;
        announced = { version };
        broadcast({ type: 'announced', version, traceparent });
      }
      if (message.type === 'trouble') {
        if (message.message === null) troubles.delete(message.source);
        else troubles.set(message.source, message.message);
        trouble(message.source, message.message !== null);
      }
      if (message.type === 'run') providers.set(message.provider, message.state);
      if (message.type === 'leader') leader = message.leader;
      operator.heard(message);
    },
  };
}
