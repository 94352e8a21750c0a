// The request methods that metrics and traces name; any other one is `_OTHER`, as the semantic conventions for HTTP require.

export const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  '_OTHER',
] as const;

const other = methods.length - 1;

/** An index into `methods`. */
export function methodIndex(method: string | undefined): number {
  if (method === 'GET') return 0;
  const at = methods.indexOf(method as (typeof methods)[number]);
  return at === -1 ? other : at;
}
