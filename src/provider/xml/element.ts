// The elements of a record: attributes as texts, and those of the elements below that somebody wants. Gathered while the
// record is checked, which reads every name and value anyway; or, of records with comments and the like, made of what
// fast-xml-parser reads.

import type { Attributes } from './attributes.ts';
import type { ElementSink } from './well-formed.ts';

export interface XmlElement extends Attributes {
  readonly tag: string;
  readonly children: XmlElement[];
}

export interface ElementTree extends ElementSink {
  /**
   * The outermost element, once it has begun. Not a getter: an object with one costs a hidden class of its own, which lives
   * in the old space and keeps the whole tree from the young one's collections (measured: 2.3 times the CPU).
   */
  root(): XmlElement | null;
}

const none: XmlElement[] = [];

/** `wanted`: the tags of the children to keep, each below its own parent; others are passed over with all they hold. */
export function createElementTree(wanted: ReadonlySet<string>): ElementTree {
  const open: (XmlElement | null)[] = [];
  let root: XmlElement | null = null;

  return {
    root: () => root,
    open(tag, { names, values }, closed) {
      const isRoot = root === null;
      const parent = open.at(-1) ?? null;
      const kept = isRoot || (parent !== null && wanted.has(tag));
      const element: XmlElement | null = kept ? { tag, names, values, children: closed ? none : [] } : null;
      if (isRoot) root = element;
      else if (element !== null) parent?.children.push(element);
      if (!closed) open.push(element);
    },
    close() {
      open.pop();
    },
  };
}

export const attributePrefix = '@';

/** The same of an element that fast-xml-parser has read: an object, or an empty text for one without attributes. */
export function elementOf(tag: string, parsed: unknown, wanted: ReadonlySet<string>): XmlElement {
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  const attributes = entries.filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith(attributePrefix) && typeof entry[1] === 'string',
  );
  return {
    tag,
    names: attributes.map(([name]) => name.slice(attributePrefix.length)),
    values: attributes.map(([, value]) => value),
    children: entries.flatMap(([child, many]) =>
      wanted.has(child) && Array.isArray(many) ? many.map((one) => elementOf(child, one, wanted)) : [],
    ),
  };
}
