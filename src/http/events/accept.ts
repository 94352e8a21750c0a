// Whether a client wants lines of JSON rather than one document, by its Accept header (RFC 9110, section 12.5.1).

export const linesType = 'application/x-ndjson';

/** A wildcard means JSON. When both types are named, the greater quality decides; JSON wins a tie. */
export function wantsLines(accept: string | undefined): boolean {
  if (accept?.includes('ndjson') !== true) return false;
  const lines = qualityOf(accept, [linesType, 'application/ndjson']);
  return lines > 0 && lines > qualityOf(accept, ['application/json']);
}

export const calendarType = 'text/calendar';
export const jsonLdType = 'application/ld+json';

/** Whether the Accept header prefers a calendar to JSON. */
export function wantsCalendar(accept: string | undefined): boolean {
  if (accept?.includes('calendar') !== true) return false;
  const calendar = qualityOf(accept, [calendarType]);
  return calendar > 0 && calendar > qualityOf(accept, ['application/json', linesType]);
}

/** 0 when none of the types is named. */
export function qualityOf(accept: string, types: readonly string[]): number {
  let best = 0;
  for (const entry of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((text) => text.trim());
    if (!types.includes(type)) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    best = Math.max(best, quality === undefined ? 1 : Number(quality.slice(2)) || 0);
  }
  return best;
}
