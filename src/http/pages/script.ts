// Joins the modules of a page into one script: a browser then asks once, where it would ask for each module.

import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Script {
  /** A module that imports nothing. */
  readonly text: string;
  /** The paths of what it is made of, relative to src/pages, each after those that it imports. */
  readonly modules: readonly string[];
}

type Read = (place: URL) => string;

/** `import { a, b as c } from './x.js';` and `import * as a from './x.js';`, also over several lines. */
const imports = /^import\s+(?:\{([^}]*)\}|\*\s+as\s+(\w+))\s+from\s+'([^']+)';\n/gm;
/** `export const a`, `export const [a, b]`, `export function a`, `export async function a`, `export class a`. */
const exports = /^export\s+(?=(?:const|function|async function|class)\s+(?:([\w$]+)|([[{][^=:]*)=))/gm;
const other = /^(?:import|export)\b.*/m;

/**
 * Each module becomes a function that returns its exports, called once. What it imports are constants in it, so names of two
 * modules never meet. Throws for a form of import or export that is not above, and for modules that import each other.
 */
export function joined(entry: URL, pages: URL, read: Read = (place) => readFileSync(place, 'utf8')): Script {
  const names = new Map<string, string>();
  const parts: string[] = [];
  const open = new Set<string>();
  const pathOf = (place: URL): string =>
    relative(fileURLToPath(pages), fileURLToPath(place)).replaceAll(sep, '/');

  /** The name of the constant that has the exports of the module. */
  function add(place: URL): string {
    const path = pathOf(place);
    const known = names.get(path);
    if (known !== undefined) return known;
    if (open.has(path)) throw new Error(`Got modules that import each other: ${[...open, path].join(', ')}.`);
    open.add(path);
    const exported: string[] = [];
    const body = read(place)
      .replaceAll(imports, (_, wanted: string | undefined, whole: string | undefined, from: string) => {
        const name = add(placeOf(from, place, pages));
        return `const ${whole ?? `{${wanted?.replaceAll(/\s+as\s+/g, ': ')}}`} = ${name};\n`;
      })
      .replaceAll(exports, (_, name: string | undefined, pattern: string | undefined) => {
        exported.push(...(name === undefined ? (pattern?.match(/[\w$]+/g) ?? []) : [name]));
        return '';
      });
    const unknown = other.exec(body)?.[0];
    if (unknown !== undefined) throw new Error(`Got ${unknown} in ${path}, which cannot be joined.`);
    const own = `module${names.size}`;
    parts.push(`// ${path}\nconst ${own} = (() => {\n${body}return { ${exported.join(', ')} };\n})();\n`);
    open.delete(path);
    names.set(path, own);
    return own;
  }

  add(entry);
  return { text: parts.join(''), modules: [...names.keys()] };
}

function placeOf(from: string, importer: URL, pages: URL): URL {
  if (from.startsWith('./')) return new URL(from, importer);
  if (from.startsWith('#/pages/')) return new URL(from.slice(8), pages);
  throw new Error(`Got an import of ${from}, expected one of ./ or #/pages/.`);
}
