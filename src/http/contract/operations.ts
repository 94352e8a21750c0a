// Every operation of the public port, by its id in the contract. Routes, validation and the contract are made from this list.

import type { Operation } from './operation.ts';
import {
  getContract,
  getDocumentationFile,
  redirectToDocumentation,
  showDocumentation,
} from './operations/documentation.ts';
import { countEvents, listEvents } from './operations/events.ts';
import { searchEvents } from './operations/search.ts';

export const operations = {
  searchEvents,
  listEvents,
  countEvents,
  getContract,
  showDocumentation,
  redirectToDocumentation,
  getDocumentationFile,
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;

export const operationList: readonly (readonly [id: OperationId, operation: Operation])[] = Object.entries(
  operations,
) as [OperationId, Operation][];

/** The methods of a path, in the order of `Allow`; empty for an unknown path. */
export function methodsOf(path: string): readonly string[] {
  const own = operationList.filter(([, operation]) => operation.path === path);
  const names = own.flatMap(([, { method }]) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  return [...new Set(names)];
}

/** The methods of all paths together. */
export const allMethods: readonly string[] = [
  ...new Set(operationList.flatMap(([, { path }]) => methodsOf(path))),
];
