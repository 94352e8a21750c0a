// The routes of the public port. They are apart from the rest of the contract, whose schemas need zod: a worker loads that with
// the first request that needs it.

export interface Route {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/docs/assets/{file}`. */
  readonly path: `/${string}`;
}

/** By the id of the operation in the contract. */
export const routes = {
  searchEvents: { method: 'get', path: '/search' },
  listEvents: { method: 'get', path: '/events' },
  countEvents: { method: 'get', path: '/events/histogram' },
  lookUpEvents: { method: 'post', path: '/events/lookup' },
  getEvent: { method: 'get', path: '/events/{id}' },
  getEventHistory: { method: 'get', path: '/events/{id}/history' },
  listChanges: { method: 'get', path: '/changes' },
  getContract: { method: 'get', path: '/openapi.json' },
  showDocumentation: { method: 'get', path: '/docs' },
  redirectToDocumentation: { method: 'get', path: '/' },
  getDocumentationFile: { method: 'get', path: '/docs/assets/{file}' },
} as const satisfies Readonly<Record<string, Route>>;

export type OperationId = keyof typeof routes;

export const routeList: readonly (readonly [id: OperationId, route: Route])[] = Object.entries(routes) as [
  OperationId,
  Route,
][];

/** The methods of a path, in the order of `Allow`; empty for an unknown path. */
export function methodsOf(path: string): readonly string[] {
  const own = routeList.filter(([, route]) => route.path === path);
  const names = own.flatMap(([, { method }]) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  return [...new Set(names)];
}

/** The methods of all paths together. */
export const allMethods: readonly string[] = [
  ...new Set(routeList.flatMap(([, { path }]) => methodsOf(path))),
];
