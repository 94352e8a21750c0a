// The elements of a record: attributes as texts, and those of the elements below that somebody wants. Gathered while the
// record is checked, which reads every name and value anyway. Names count without their prefix.

import type { Attributes } from './attributes.ts';
import { localName } from './cursor.ts';
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
  /** The first element right below the root that is passed over, when no element that is wanted stands there. */
  stranger(): string | null;
}

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
