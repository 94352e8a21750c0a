// The paths of single events, for the label `route` and for the choice of a handler.

/** The values of the label `route`. */
export const eventRoutes = [
  '/events/{id}',
  '/events/{id}/history',
  '/events/lookup',
  '/events/{id}.ics',
] as const;

/** Whether the handler of single events answers the URL. `/events/histogram` has the same form and must be tested first. */
export const isEvent = (url: string): boolean =>
  url.startsWith('/events/') && /^\/events\/[^/?]+(?:\/history)?(?:\?|$)/.test(url);

/** An index into `eventRoutes`. */
export function eventRouteOf(url: string): number {
  const path = url.split('?', 1)[0] ?? '';
  if (path.endsWith('/history')) return 1;
  if (path.endsWith('.ics')) return 3;
  return path === '/events/lookup' ? 2 : 0;
}
