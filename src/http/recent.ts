// What was asked of late, by the text of the query: traffic repeats itself, and what repeats is found without being read or
// searched again. Two generations: what is asked again while it is old is young again, the rest goes with its generation.

export interface Recent<Found> {
  get(query: string): Found | undefined;
  /** Remembers one of some: what is asked often is soon among them, and what is asked once costs little. */
  put(query: string, found: Found): void;
  forget(): void;
}

const generationMax = 512;
/** Longer queries are nobody's habit. */
const queryLengthMax = 128;
const rememberedEvery = 8;

export function createRecent<Found>(): Recent<Found> {
  let young = new Map<string, Found>();
  let old = new Map<string, Found>();
  let asked = 0;

  function add(query: string, found: Found): void {
    if (young.size >= generationMax) {
      old = young;
      young = new Map();
    }
    young.set(query, found);
  }

  return {
    get(query) {
      const found = young.get(query);
      if (found !== undefined) return found;
      const aged = old.get(query);
      if (aged !== undefined) add(query, aged);
      return aged;
    },
    put(query, found) {
      if (++asked % rememberedEvery === 0 && query.length <= queryLengthMax) add(query, found);
    },
    forget() {
      young = new Map();
      old = new Map();
    },
  };
}
