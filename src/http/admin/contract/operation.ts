// What an operation of the admin port is.

import type { Operation } from '#/http/contract/operation.ts';
import type { AdminErrorCode } from './errors.ts';

export const adminTags = {
  Health: 'For probes and scrapers.',
  Host: 'The state of this host, and its configuration.',
  Providers: 'Runs of the providers, their quarantine, and held withdrawals.',
  Snapshots: 'The versions of the catalogue.',
  Inspection: 'What the archive, the versions and the kept feeds have.',
  Actions: 'What operators did.',
  Console: 'The page for operators, and this description.',
} as const;

export type AdminOperation = Operation<keyof typeof adminTags, AdminErrorCode>;
