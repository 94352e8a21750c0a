// The operations that inspect the catalogue and the archive, for the description of the admin port.

import type * as z from 'zod';
import {
  excerptParameters,
  explainParameters,
  heldParameters,
  historyParameters,
  segmentsParameters,
} from './parameters.ts';
import {
  askedDays,
  bodyExcerpt,
  eventHistory,
  explanation,
  heldWithdrawals,
  versionSizes,
} from './schemas.ts';

export interface InspectionOperation {
  readonly operationId: string;
  readonly method: 'get';
  /** Names in braces are parameters of the path; all others are of the query. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: z.ZodObject | null;
  readonly answer: z.ZodObject;
  /** The codes of errors beyond `parameter_invalid` (400) and `ingest_unavailable` (503). */
  readonly errors: readonly string[];
}

const get = { method: 'get' } as const;
const ofSnapshot = ['version_unknown', 'snapshot_unreadable'] as const;
const ofArchive = ['archive_unavailable'] as const;

export const inspectionOperations: readonly InspectionOperation[] = [
  {
    ...get,
    operationId: 'explain',
    path: '/explain',
    summary: 'Why a search finds an event, or does not',
    parameters: explainParameters,
    answer: explanation,
    errors: [...ofArchive, 'snapshot_unreadable'],
  },
  {
    ...get,
    operationId: 'eventHistory',
    path: '/events/{id}/history',
    summary: 'The changes of one event, with their runs and versions',
    parameters: historyParameters,
    answer: eventHistory,
    errors: [...ofArchive, 'event_unknown'],
  },
  {
    ...get,
    operationId: 'snapshotSegments',
    path: '/snapshots/{version}/segments',
    summary: 'Bytes and events of each segment of a version, and of each provider',
    parameters: segmentsParameters,
    answer: versionSizes,
    errors: ofSnapshot,
  },
  {
    ...get,
    operationId: 'heldWithdrawals',
    path: '/providers/{name}/held',
    summary: 'The events that an approval of held withdrawals would withdraw',
    parameters: heldParameters,
    answer: heldWithdrawals,
    errors: [...ofArchive, 'provider_unknown'],
  },
  {
    ...get,
    operationId: 'bodyExcerpt',
    path: '/providers/{name}/excerpt',
    summary: 'The lines of a kept feed around the place of a finding',
    parameters: excerptParameters,
    answer: bodyExcerpt,
    errors: ['provider_unknown', 'body_not_kept', 'place_not_found'],
  },
  {
    ...get,
    operationId: 'askedDays',
    path: '/searches/days',
    summary: 'Which days the searches asked for that this host has answered',
    parameters: null,
    answer: askedDays,
    errors: [],
  },
];
