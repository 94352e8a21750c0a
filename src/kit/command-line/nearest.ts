// Suggestions for misspelled words.

/** The known word with the fewest edits from `word`; null when even that has too many for its length. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    // At least the difference of the lengths: a long word costs nothing.
    if (Math.abs(word.length - candidate.length) >= least) continue;
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least && edits < candidate.length) [best, least] = [candidate, edits];
  }
  return best;
}

/** A question to append to a message; empty when no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = nearest(word, known);
  return meant === null ? '' : ` Did you mean ${meant}?`;
}

/** The number of insertions, deletions, replacements and swaps of neighbours (optimal string alignment distance). */
function editsBetween(a: string, b: string): number {
  const table = new Map<number, number>();
  const at = (i: number, j: number): number =>
    i === 0 || j === 0 ? i + j : (table.get(i * (b.length + 1) + j) ?? 0);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? at(i - 2, j - 2) + 1 : Infinity;
      table.set(i * (b.length + 1) + j, Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
