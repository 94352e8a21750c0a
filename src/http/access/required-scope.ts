// The scope that a request needs, from its path alone. It is read before any routing, so each path that could reach an operation
// must be found here: Express compares paths exactly as well, and a path that is unknown needs a credential too.

import type { Scope } from '#/access/scopes.ts';
import type { Route } from '#/http/contract/route.ts';
import { routes } from '#/http/contract/routes.ts';
import { isSearch } from '#/telemetry/requests.ts';

/** `any`: a credential, whatever it allows. Null: none. */
export type Required = Scope | 'any' | null;

const ofRoutes = scopeReader(Object.values(routes));
const ofSearch = ofRoutes('/search');

/** `url`: the path and the query, in the origin form. Most requests are for /search, and cutting out a path costs more than the rest. */
export const requiredScope = (url: string): Required => (isSearch(url) ? ofSearch : ofRoutes(url));

/** The reader of a port with these routes. Its argument: the path and the query, in the origin form. */
export function scopeReader(of: readonly Route[]): (url: string) => Required {
  const exact = new Map<string, Required>();
  const patterns: (readonly [form: RegExp, scope: Required])[] = [];
  for (const { path, scope } of of) {
    if (!path.includes('{')) exact.set(path, scope);
    else patterns.push([RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`), scope]);
  }
  return (url) => {
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    const known = exact.get(path);
    if (known !== undefined) return known;
    const form = patterns.find(([one]) => one.test(path));
    return form === undefined ? 'any' : form[1];
  };
}
