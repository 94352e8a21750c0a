// Every operation of the public port, by its id in the contract.

import type { Operation } from './operation.ts';
import { listChanges } from './operations/changes.ts';
import {
  getContract,
  getDocumentationFile,
  redirectToDocumentation,
  showDocumentation,
} from './operations/documentation.ts';
import { getEvent, getEventHistory, lookUpEvents } from './operations/event.ts';
import { countEvents, listEvents } from './operations/events.ts';
import { searchEvents } from './operations/search.ts';
import type { OperationId } from './routes.ts';

export const operations = {
  searchEvents,
  listEvents,
  countEvents,
  lookUpEvents,
  getEvent,
  getEventHistory,
  listChanges,
  getContract,
  showDocumentation,
  redirectToDocumentation,
  getDocumentationFile,
} as const satisfies Readonly<Record<OperationId, Operation>>;

export const operationList: readonly (readonly [id: OperationId, operation: Operation])[] = Object.entries(
  operations,
) as [OperationId, Operation][];
