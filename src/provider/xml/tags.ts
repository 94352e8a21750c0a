// Reads the names of start tags. A record usually has the elements of the one before it in the same order, so the reader first tries
// the names that came in that place the last time: that is faster than reading a name, and than finding what is known of it.

import { copied, readGuessed, readName, type Cursor } from './cursor.ts';

/** What is known of the elements of one name. */
export interface Tag {
  readonly name: string;
  /** The names of the attributes that the last of these elements had. */
  attributes: readonly string[];
  /** Those of the last element that had others: many feeds leave out an attribute here and there. */
  otherAttributes: readonly string[];
  /** Of the elements that came next, the last one with another name; null when none did yet. */
  next: Tag | null;
}

/** Use one for all records: a record of a few elements is read by the names of the records before it. */
export interface TagReader {
  /** Reads the name at the cursor. Null when there is none. `before`: the tag before it in the record; null for the first one. */
  read(cursor: Cursor, before: Tag | null): Tag | null;
}

/** The tags that a reader remembers. A feed has a few, but the provider chooses them: hence a limit. */
const tagsMax = 64;

export function createTagReader(): TagReader {
  const byName = new Map<string, Tag>();
  let first: Tag | null = null;

  function known(name: string): Tag {
    const before = byName.get(name);
    if (before !== undefined) return before;
    if (byName.size >= tagsMax) {
      byName.clear();
      first = null;
    }
    // A piece of a text keeps the whole text in memory.
    const tag: Tag = { name: copied(name), attributes: [], otherAttributes: [], next: null };
    byName.set(tag.name, tag);
    return tag;
  }

  return {
    read(cursor, before) {
      if (before !== null && readGuessed(cursor, before.name)) return before;
      const guess = before === null ? first : before.next;
      if (guess !== null && readGuessed(cursor, guess.name)) return guess;
      const name = readName(cursor);
      if (name === null) return null;
      const tag = known(name);
      if (before === null) first = tag;
      else before.next = tag;
      return tag;
    },
  };
}
