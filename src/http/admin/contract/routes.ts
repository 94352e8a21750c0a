// The routes of the admin port. They are apart from the rest of its contract, whose schemas need zod: the supervisor loads that
// with the first request that needs it.

import type { Route } from '#/http/contract/route.ts';

/** By the id of the operation in the contract. A scope of null: the operation is open where the others need a credential. */
export const adminRoutes = {
  showConsole: { method: 'get', path: '/', scope: null },
  getConsoleFile: { method: 'get', path: '/pages/{file}', scope: null },
  getAdminContract: { method: 'get', path: '/openapi.json', scope: null },
  getLiveness: { method: 'get', path: '/livez', scope: null },
  getReadiness: { method: 'get', path: '/readyz', scope: null },
  getMetrics: { method: 'get', path: '/metrics', scope: null },
  getStatus: { method: 'get', path: '/status', scope: 'admin' },
  reload: { method: 'post', path: '/reload', scope: 'admin' },
  takeProfile: { method: 'post', path: '/profile', scope: 'admin' },
  listProviders: { method: 'get', path: '/providers', scope: 'admin' },
  listRuns: { method: 'get', path: '/providers/{name}/runs', scope: 'admin' },
  listQuarantine: { method: 'get', path: '/providers/{name}/quarantine', scope: 'admin' },
  runProvider: { method: 'post', path: '/providers/{name}/run', scope: 'admin' },
  approveWithdrawals: { method: 'post', path: '/providers/{name}/approve', scope: 'admin' },
  listSnapshots: { method: 'get', path: '/snapshots', scope: 'admin' },
  compareSnapshots: { method: 'get', path: '/snapshots/{from}/diff/{to}', scope: 'admin' },
  pinSnapshot: { method: 'post', path: '/snapshots/{version}/pin', scope: 'admin' },
  unpinSnapshot: { method: 'delete', path: '/snapshots/pin', scope: 'admin' },
  approvePublish: { method: 'post', path: '/snapshots/approve', scope: 'admin' },
  listSegments: { method: 'get', path: '/snapshots/{version}/segments', scope: 'admin' },
  listHeldWithdrawals: { method: 'get', path: '/providers/{name}/held', scope: 'admin' },
  getExcerpt: { method: 'get', path: '/providers/{name}/excerpt', scope: 'admin' },
  explainEvent: { method: 'get', path: '/explain', scope: 'admin' },
  listEventChanges: { method: 'get', path: '/events/{id}/history', scope: 'admin' },
  listAskedDays: { method: 'get', path: '/searches/days', scope: 'admin' },
  listActions: { method: 'get', path: '/actions', scope: 'admin' },
} as const satisfies Readonly<Record<string, Route>>;

export type AdminOperationId = keyof typeof adminRoutes;
