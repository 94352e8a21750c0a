// Every operation of the public port, by its id in the contract.

import type { Operation } from './operation.ts';
import { listChanges } from './operations/changes.ts';
import { getContract, getDocumentationFile, showDocumentation } from './operations/documentation.ts';
import { getEventCalendar, subscribeToEvents } from './operations/calendar.ts';
import { getEvent, getEventHistory, lookUpEvents } from './operations/event.ts';
import { countEvents, listEvents } from './operations/events.ts';
import { getPageFile, showSearchPage } from './operations/pages.ts';
import { listRpdeEvents } from './operations/rpde.ts';
import { searchEvents } from './operations/search.ts';
import type { OperationId } from './routes.ts';

export const operations = {
  searchEvents,
  listEvents,
  subscribeToEvents,
  countEvents,
  lookUpEvents,
  getEvent,
  getEventCalendar,
  getEventHistory,
  listChanges,
  listRpdeEvents,
  getContract,
  showDocumentation,
  showSearchPage,
  getPageFile,
  getDocumentationFile,
} as const satisfies Readonly<Record<OperationId, Operation>>;

export const operationList: readonly (readonly [id: OperationId, operation: Operation])[] = Object.entries(
  operations,
) as [OperationId, Operation][];
