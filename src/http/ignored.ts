// The parameters of a search that it does not know. They are ignored, a header names them, and with SEARCH_STRICT those that
// resemble a known name are refused.

import { boundNames, type OnUnknown } from '#/domain/query.ts';
import { refuse, shown } from '#/domain/refusal.ts';
import { nearest } from '#/kit/command-line/nearest.ts';

export const ignoredHeader = 'Marquee-Ignored-Parameters';
/** The most names in the header, and the most characters of each. */
const namesMax = 16;
const nameLengthMax = 40;
/** Stands for the names, or the rest of a name, beyond the limits. */
const more = '...';

export interface Ignored {
  /** Forgets the parameters of the query before. */
  begin(): void;
  /** Notes a parameter. Refuses it in the strict mode if it resembles a known name. */
  readonly note: OnUnknown;
  /** The value of the header; null when all parameters are known. */
  readonly header: string | null;
}

export function createIgnored(isStrict: boolean): Ignored {
  let names: string[] = [];
  const none = names;
  return {
    begin: () => void (names = none),
    note(sent, name) {
      const meant = isStrict ? meantBy(name) : null;
      if (meant !== null) {
        const got = `Got the parameter ${shown(name)}, expected ${boundNames.join(' or ')}.`;
        return refuse('parameter_unknown', `${got} Did you mean ${meant}?`);
      }
      const safe = safeOf(sent);
      if (names === none) names = [safe];
      else if (names.length <= namesMax && !names.includes(safe)) names.push(safe);
      return null;
    },
    get header() {
      if (names === none) return null;
      return (names.length > namesMax ? [...names.slice(0, namesMax), more] : names).join(', ');
    },
  };
}

/** As sent, with its percent-escapes; other characters that a header cannot hold safely are escaped as well. */
function safeOf(sent: string): string {
  const safe = sent.replaceAll(/[^\w.~%[\]-]/g, (character) => {
    return `%${(character.charCodeAt(0) & 255).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return safe.length > nameLengthMax ? safe.slice(0, nameLengthMax) + more : safe;
}

/** Compared by letters only: `startsAt`, `ends-at` and `starts_at[]` are near as well. */
function meantBy(name: string): string | null {
  const near = nearest(lettersOf(name), boundNames.map(lettersOf));
  return near === null ? null : (boundNames.find((known) => lettersOf(known) === near) ?? null);
}

const lettersOf = (name: string): string => name.replaceAll(/[^a-z]/gi, '');
