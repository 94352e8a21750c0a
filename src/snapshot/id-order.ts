// The order of events by their ids, which finds an event of a segment by its id.

/** Fills `byId` with the places in the order of the ids: by their first 12 digits, as a number, and where these are the same by all. */
export function sortById(ids: readonly string[], byId: Uint32Array): void {
  const prefixes = new Float64Array(ids.length);
  for (let place = 0; place < byId.length; place++) {
    byId[place] = place;
    prefixes[place] = prefixOf(ids[place] as string);
  }
  byId.sort((a, b) => {
    const difference = (prefixes[a] as number) - (prefixes[b] as number);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    return (ids[a] as string) < (ids[b] as string) ? -1 : 1;
  });
}

/** The number that the first 12 hex digits of a UUID write; NaN when it is not one. */
function prefixOf(id: string): number {
  let prefix = 0;
  for (let at = 0; at < 13; at++) if (at !== 8) prefix = prefix * 16 + digitOf(id.charCodeAt(at));
  return prefix;
}

/** The value of a hex digit in lower case; NaN for any other character. */
const digitOf = (code: number): number =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : Number.NaN;
