// A route of a port: its method, its path, and what a credential must allow.

import type { Scope } from '#/access/scopes.ts';

export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** As in OpenAPI: `/docs/assets/{file}`. */
  readonly path: `/${string}`;
  /** What a credential must allow, where credentials are required; null: the operation is always open. */
  readonly scope: Scope | null;
}

/** The methods of a path, in the order of `Allow`; empty for an unknown path. */
export function methodsIn(routes: readonly Route[], path: string): readonly string[] {
  const own = routes.filter((route) => route.path === path);
  const names = own.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return [...new Set(names)];
}

/** `/events/{id}` is `/events/:id` in Express. */
export const inExpress = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
