// The element tree of a record, with the wanted child elements only. It is usually collected by the well-formedness check,
// which reads every name and value anyway. For records with comments or CDATA, it is made from the output of fast-xml-parser.
// Names are compared without their prefix.

import type { Attributes } from './attributes.ts';
import { copied, localName } from './cursor.ts';
import type { ElementSink } from './well-formed.ts';

export interface XmlElement extends Attributes {
  readonly tag: string;
  readonly children: XmlElement[];
}

/** What was read of a record. */
export interface Tree {
  /**
   * The outermost element, once it has begun. It is a method because an object with a getter gets a hidden class of its own,
   * in V8's old space, which keeps the whole tree from being collected as young garbage (measured: 2.3 times the CPU).
   */
  root(): XmlElement | null;
  /** The first skipped child of the root, if the root has no wanted child. */
  unexpected(): string | null;
}

export interface ElementTree extends Tree, ElementSink {
  /** Forgets the record, for the next one: a tree for each would take a tenth of the memory of reading it. */
  clear(): void;
}

/** The different names of elements that a tree remembers. Feeds choose them. */
const localsMax = 256;

const none: XmlElement[] = [];

/**
 * `wanted`: the names of the child elements to keep. Others are skipped with their content, except lists: the children of
 * `<plans>` or `<plan_list>` count as children of the element around the list.
 */
export function createElementTree(wanted: ReadonlySet<string>): ElementTree {
  const open: (XmlElement | null)[] = [];
  const locals = new Map<string, string>();
  let root: XmlElement | null = null;
  let unexpected: string | null = null;

  function local(tag: string): string {
    let name = locals.get(tag);
    if (name === undefined) {
      if (locals.size >= localsMax) locals.clear();
      // Copied: a piece of a text keeps the whole text in memory.
      locals.set(copied(tag), (name = copied(localName(tag))));
    }
    return name;
  }

  return {
    clear() {
      open.length = 0;
      root = null;
      unexpected = null;
    },
    root: () => root,
    unexpected: () => (root?.children.length === 0 ? unexpected : null),
    open(tag, { names, values }, closed) {
      const name = local(tag);
      const parent = open.at(-1) ?? null;
      let element: XmlElement | null = null;
      if (root === null || (parent !== null && wanted.has(name))) {
        element = { tag: name, names, values, children: closed ? none : [] };
        if (root === null) root = element;
        else parent?.children.push(element);
      } else if (parent !== null && isListOf(name, wanted)) element = parent;
      else if (parent === root) unexpected ??= name;
      if (!closed) open.push(element);
    },
    close() {
      open.pop();
    },
  };
}

/** `plans`, `planList`, `plan_list` or `PlanList`, for the wanted name `plan`. */
function isListOf(name: string, wanted: ReadonlySet<string>): boolean {
  const one = /^(.+?)(?:s|[_-]?list)$/i.exec(name)?.[1]?.toLowerCase();
  return one !== undefined && wanted.has(one);
}

export const attributePrefix = '@';

/** The tree of a document with one element, from the output of fast-xml-parser. */
export function parsedTree(document: unknown, wanted: ReadonlySet<string>): Tree {
  const [[tag, parsed] = ['', null]] = elementsIn(document);
  const root = tag === '' ? null : elementOf(tag, parsed, wanted);
  const skipped = elementsIn(parsed).find(([name]) => !wanted.has(name) && !isListOf(name, wanted));
  return {
    root: () => root,
    unexpected: () => (root?.children.length === 0 ? (skipped?.[0] ?? null) : null),
  };
}

/** `parsed`: an object, or an empty string for an element without attributes. */
function elementOf(tag: string, parsed: unknown, wanted: ReadonlySet<string>): XmlElement {
  const attributes = entriesOf(parsed).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith(attributePrefix) && typeof entry[1] === 'string',
  );
  return {
    tag,
    names: attributes.map(([name]) => name.slice(attributePrefix.length)),
    values: attributes.map(([, value]) => value),
    children: childrenOf(parsed, wanted),
  };
}

function childrenOf(parsed: unknown, wanted: ReadonlySet<string>): XmlElement[] {
  return elementsIn(parsed).flatMap(([name, one]) => {
    const many: readonly unknown[] = Array.isArray(one) ? one : [one];
    if (wanted.has(name)) return many.map((each) => elementOf(name, each, wanted));
    return isListOf(name, wanted) ? many.flatMap((each) => childrenOf(each, wanted)) : [];
  });
}

/** The elements, without attributes, text, comments and processing instructions. */
const elementsIn = (parsed: unknown): [string, unknown][] =>
  entriesOf(parsed).flatMap(([name, one]) => (/^[@#?!]/.test(name) ? [] : [[localName(name), one]]));

const entriesOf = (parsed: unknown): [string, unknown][] =>
  typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
