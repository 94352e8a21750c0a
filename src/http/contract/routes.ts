// The routes of the public port. They are apart from the rest of the contract, whose schemas need zod: a worker loads that with
// the first request that needs it.

import { methodsIn, type Route } from './route.ts';

/** By the id of the operation in the contract. */
export const routes = {
  searchEvents: { method: 'get', path: '/search', scope: 'search:read' },
  listEvents: { method: 'get', path: '/events', scope: 'events:read' },
  subscribeToEvents: { method: 'get', path: '/events.ics', scope: 'events:read' },
  countEvents: { method: 'get', path: '/events/histogram', scope: 'events:read' },
  lookUpEvents: { method: 'post', path: '/events/lookup', scope: 'events:read' },
  getEvent: { method: 'get', path: '/events/{id}', scope: 'events:read' },
  getEventCalendar: { method: 'get', path: '/events/{id}.ics', scope: 'events:read' },
  getEventHistory: { method: 'get', path: '/events/{id}/history', scope: 'events:read' },
  listChanges: { method: 'get', path: '/changes', scope: 'changes:read' },
  listRpdeEvents: { method: 'get', path: '/rpde/events', scope: 'changes:read' },
  getContract: { method: 'get', path: '/openapi.json', scope: null },
  showDocumentation: { method: 'get', path: '/docs', scope: null },
  showSearchPage: { method: 'get', path: '/', scope: null },
  getPageFile: { method: 'get', path: '/pages/{file}', scope: null },
  getDocumentationFile: { method: 'get', path: '/docs/assets/{file}', scope: null },
} as const satisfies Readonly<Record<string, Route>>;

export type OperationId = keyof typeof routes;

export const routeList: readonly (readonly [id: OperationId, route: Route])[] = Object.entries(routes) as [
  OperationId,
  Route,
][];

/** The methods of a path, in the order of `Allow`; empty for an unknown path. */
export const methodsOf = (path: string): readonly string[] => methodsIn(Object.values(routes), path);

/** The methods of all paths together. */
export const allMethods: readonly string[] = [
  ...new Set(routeList.flatMap(([, { path }]) => methodsOf(path))),
];
