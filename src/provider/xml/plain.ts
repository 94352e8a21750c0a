// The elements of a record as plain objects, of the shape that fast-xml-parser gives: attributes as `@name`, children
// that may repeat as arrays. Filled while the record is checked, which reads every name and value anyway; only for
// records of elements and text, without comments and the like.

import type { ElementSink } from './well-formed.ts';

export type PlainElement = Record<string, unknown>;

export interface PlainTree extends ElementSink {
  /** The outermost element, once it has begun. */
  readonly root: PlainElement | null;
}

/** Attribute names with their prefix: a handful, met millions of times. */
const prefixed = new Map<string, string>();
const prefixedMax = 1000;

/** `wanted`: the names of the children to keep, each below its own parent; others are passed over with all they hold. */
export function createPlainTree(wanted: ReadonlySet<string>): PlainTree {
  const open: (PlainElement | null)[] = [];
  let root: PlainElement | null = null;

  function place(tag: string, element: PlainElement): PlainElement | null {
    if (open.length === 0) return (root = element);
    const parent = open.at(-1) ?? null;
    if (parent === null || !wanted.has(tag)) return null;
    const siblings = parent[tag];
    if (Array.isArray(siblings)) siblings.push(element);
    else parent[tag] = [element];
    return element;
  }

  return {
    get root() {
      return root;
    },
    open(tag, attributes, closed) {
      const element: PlainElement = {};
      for (let i = 0; i < attributes.length; i += 2)
        element[prefix(attributes[i] ?? '')] = decoded(attributes[i + 1] ?? '');
      const placed = place(tag, element);
      if (!closed) open.push(placed);
    },
    close() {
      open.pop();
    },
  };
}

function prefix(name: string): string {
  const known = prefixed.get(name);
  if (known !== undefined) return known;
  const made = `@${name}`;
  if (prefixed.size < prefixedMax) prefixed.set(name, made);
  return made;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** No value may have more than 1000 characters, each written in ten at the most: what is longer is refused as it is. */
const decodedMax = 16_384;

/** References as the characters that they stand for; the check lets no others through. */
function decoded(value: string): string {
  if (value.length > decodedMax || !value.includes('&')) return value;
  return value.replaceAll(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return named[name ?? ''] ?? whole;
    },
  );
}
