// The elements of a record: attributes as texts, and those of the elements below that somebody wants. Gathered while the
// record is checked, which reads every name and value anyway; or, of records with comments or CDATA, made of what
// fast-xml-parser reads. Names count without their prefix.

import type { Attributes } from './attributes.ts';
import { localName } from './cursor.ts';
import type { ElementSink } from './well-formed.ts';

export interface XmlElement extends Attributes {
  readonly tag: string;
  readonly children: XmlElement[];
}

/** What was read of a record. */
export interface Tree {
  /**
   * The outermost element, once it has begun. Not a getter: an object with one costs a hidden class of its own, which lives
   * in the old space and keeps the whole tree from the young one's collections (measured: 2.3 times the CPU).
   */
  root(): XmlElement | null;
  /** The first element right below the root that is passed over, when no element that is wanted stands there. */
  stranger(): string | null;
}

export interface ElementTree extends Tree, ElementSink {}

const none: XmlElement[] = [];

/**
 * `wanted`: the names of the children to keep, each below its own parent; others are passed over with all they hold, but for
 * lists: `<plans>` and `<plan_list>` around each `<plan>` are as good as not there.
 */
export function createElementTree(wanted: ReadonlySet<string>): ElementTree {
  const open: (XmlElement | null)[] = [];
  const locals = new Map<string, string>();
  let root: XmlElement | null = null;
  let stranger: string | null = null;

  function local(tag: string): string {
    let name = locals.get(tag);
    if (name === undefined) locals.set(tag, (name = localName(tag)));
    return name;
  }

  return {
    root: () => root,
    stranger: () => (root?.children.length === 0 ? stranger : null),
    open(tag, { names, values }, closed) {
      const name = local(tag);
      const parent = open.at(-1) ?? null;
      let element: XmlElement | null = null;
      if (root === null || (parent !== null && wanted.has(name))) {
        element = { tag: name, names, values, children: closed ? none : [] };
        if (root === null) root = element;
        else parent?.children.push(element);
      } else if (parent !== null && isListOf(name, wanted)) element = parent;
      else if (parent === root) stranger ??= name;
      if (!closed) open.push(element);
    },
    close() {
      open.pop();
    },
  };
}

/** `plans`, `planList`, `plan_list` or `PlanList` for what is called `plan`. */
function isListOf(name: string, wanted: ReadonlySet<string>): boolean {
  const one = /^(.+?)(?:s|[_-]?list)$/i.exec(name)?.[1]?.toLowerCase();
  return one !== undefined && wanted.has(one);
}

export const attributePrefix = '@';

/** The same of what fast-xml-parser has read of a document with one element. */
export function parsedTree(document: unknown, wanted: ReadonlySet<string>): Tree {
  const [[tag, parsed] = ['', null]] = elementsIn(document);
  const root = tag === '' ? null : elementOf(tag, parsed, wanted);
  const passedOver = elementsIn(parsed).find(([name]) => !wanted.has(name) && !isListOf(name, wanted));
  return {
    root: () => root,
    stranger: () => (root?.children.length === 0 ? (passedOver?.[0] ?? null) : null),
  };
}

/** An object, or an empty text for an element without attributes. */
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

/** Neither attributes nor text, comments and processing instructions. */
const elementsIn = (parsed: unknown): [string, unknown][] =>
  entriesOf(parsed).flatMap(([name, one]) => (/^[@#?!]/.test(name) ? [] : [[localName(name), one]]));

const entriesOf = (parsed: unknown): [string, unknown][] =>
  typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
