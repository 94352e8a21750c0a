// The encoding that a client accepts, by RFC 9110, section 12.5.3: `gzip;q=0` refuses gzip, `*` stands for codings not named.

/** Clients send few different headers, so results are kept; beyond the limit, headers are parsed each time. */
const remembered = new Map<string, boolean>();
const rememberedMax = 256;

export function takesGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const known = remembered.get(acceptEncoding);
  if (known !== undefined) return known;
  const takes =
    qualityOf(acceptEncoding, 'gzip') > 0 &&
    qualityOf(acceptEncoding, 'gzip') >= identityQuality(acceptEncoding);
  if (remembered.size < rememberedMax) remembered.set(acceptEncoding, takes);
  return takes;
}

/** 0 when the coding is refused, or not named. */
function qualityOf(header: string, coding: string): number {
  let wildcard = 0;
  for (const entry of header.split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((text) => text.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2)) || 0;
    if (name === coding || name === `x-${coding}`) return quality;
    if (name === '*') wildcard = quality;
  }
  return wildcard;
}

/** A client that does not name identity accepts it, but does not prefer it. */
function identityQuality(header: string): number {
  return /(?:^|[\s,])identity\b/i.test(header) ? qualityOf(header, 'identity') : 0;
}

/** Whether `If-Match` names this tag by strong comparison: a weak tag never matches. */
export const namesStrongly = (ifMatch: string, tag: string): boolean =>
  ifMatch.trim() === '*' || ifMatch.split(',').some((entry) => entry.trim() === tag);

/** Whether `If-None-Match` names this tag by weak comparison; `*` names every tag. */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === tag || ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((entry) => entry.trim().replace(/^W\//, '') === tag);
}
