// Every operation of the admin port, by its id in the contract.

import type { AdminOperation } from './operation.ts';
import { listActions } from './operations/actions.ts';
import { getAdminContract, getConsoleFile, showConsole } from './operations/console.ts';
import { getLiveness, getMetrics, getReadiness } from './operations/health.ts';
import { getStatus, reload } from './operations/host.ts';
import { explainEvent, listAskedDays, listEventChanges, listSegments } from './operations/inspection.ts';
import { getExcerpt, listHeldWithdrawals } from './operations/kept-feeds.ts';
import { takeProfile } from './operations/profile.ts';
import {
  approveWithdrawals,
  listProviders,
  listQuarantine,
  listRuns,
  runProvider,
} from './operations/providers.ts';
import {
  approvePublish,
  compareSnapshots,
  listSnapshots,
  pinSnapshot,
  unpinSnapshot,
} from './operations/snapshots.ts';
import type { AdminOperationId } from './routes.ts';

export const adminOperations: Readonly<Record<AdminOperationId, AdminOperation>> = {
  getLiveness,
  getReadiness,
  getMetrics,
  getStatus,
  reload,
  takeProfile,
  listProviders,
  listRuns,
  listQuarantine,
  runProvider,
  approveWithdrawals,
  listSnapshots,
  compareSnapshots,
  pinSnapshot,
  unpinSnapshot,
  approvePublish,
  listSegments,
  listHeldWithdrawals,
  getExcerpt,
  explainEvent,
  listEventChanges,
  listAskedDays,
  listActions,
  showConsole,
  getConsoleFile,
  getAdminContract,
};
