// Random feeds with everything that XML allows, and an oracle of their records: a recursive parser over the whole text, which
// shares no code with the splitter.

import type { Random } from '../_support/random.ts';

export const root = 'planList';
export const recordName = 'base_plan';

export interface ExpectedRecord {
  readonly text: string;
  /** Bytes from 0; line and column (in bytes) from 1. */
  readonly place: { readonly offset: number; readonly line: number; readonly column: number };
  readonly endOffset: number;
}

export interface Expected {
  readonly records: readonly ExpectedRecord[];
  /** The end of the root, in bytes: truncated before, the document is incomplete. */
  readonly rootEnd: number;
}

/** Text that looks like the start or the end of a record and is not one. */
const bait = [
  `</${recordName}>`,
  `<${recordName} id="bait">`,
  `<${recordName}/>`,
  '<!-',
  '->',
  ']]',
  '?',
  '"',
  "'",
  'ñ🎭',
  '\n',
  '/>',
  '>',
];

export function randomDocument(random: Random): string {
  const blank = (): string => random.pick(['', ' ', '\n', '\r\n  ', '\t', '\n\n']);
  const noise = (without: RegExp): string =>
    Array.from({ length: random.int(0, 4) }, () => random.pick(bait))
      .join(random.pick(['', ' ']))
      .replaceAll(without, '')
      .replace(/[-\]?]$/, '');
  const comment = (): string => `<!--${noise(/-/g)}-->`;
  const cdata = (): string => `<![CDATA[${noise(/\]/g)}]]>`;
  const instruction = (): string => `<?php ${noise(/[?"']/g)}?>`;

  function attribute(name: string): string {
    const quote = random.pick(['"', "'"]);
    const value = noise(/[<&]/g).replaceAll(quote, '');
    return `${random.pick([' ', '\n ', '  '])}${name}${random.pick(['=', ' = '])}${quote}${value}${quote}`;
  }
  const attributes = (): string =>
    ['a', 'b', 'ñ']
      .filter(() => random.chance(0.4))
      .map((name) => attribute(name))
      .join('');

  function element(name: string, inside: () => string): string {
    const tag = `${name}${attributes()}${random.pick(['', ' ', '\n'])}`;
    return random.chance(0.25) ? `<${tag}/>` : `<${tag}>${inside()}</${name}${random.pick(['', ' ', '\n'])}>`;
  }
  const aside = (): string => random.pick([comment, instruction, blank])();
  const several = (most: number, one: () => string): string =>
    Array.from({ length: random.int(0, most) }, one).join('');

  const within = (depth: number): string =>
    several(4, () =>
      random.pick([
        aside,
        cdata,
        () => 'text &amp; ñ > "',
        () =>
          element(random.pick(['plan', 'zone', `${recordName}X`, `x${recordName}`]), () =>
            depth < 3 ? within(depth + 1) : '',
          ),
      ])(),
    );
  const record = (): string => element(recordName, () => within(0));
  const between = (depth: number): string =>
    several(5, () =>
      random.pick([
        record,
        record,
        aside,
        () =>
          element(random.pick(['output', `${recordName}X`, `${recordName}s`, recordName.slice(0, -1)]), () =>
            depth < 3 ? between(depth + 1) : '',
          ),
      ])(),
    );
  const prolog = random.pick(['', '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8'?>\n"]);
  const body = element(root, () => between(0) + record() + between(0));
  return prolog + several(2, aside).trimStart() + body + several(2, aside);
}

export function recordsOf(text: string): Expected {
  const records: ExpectedRecord[] = [];
  let at = 0;
  let rootEnd = -1;

  const bytesTo = (index: number): number => Buffer.byteLength(text.slice(0, index));
  function past(end: string, begin = ''): void {
    const found = text.indexOf(end, at + begin.length);
    if (found < 0) throw new Error(`Got no ${end} behind ${at}.`);
    at = found + end.length;
  }

  function element(inRoot: boolean, inRecord: boolean): void {
    const start = at;
    const name = /^<([^\s/>]+)/.exec(text.slice(at))![1]!;
    const isRecord = name === recordName && inRoot && !inRecord;
    at += name.length + 1;
    while (text[at] !== '>' && text[at] !== '/') {
      if (text[at] === '"' || text[at] === "'") at = text.indexOf(text[at]!, at + 1);
      at++;
    }
    const empty = text[at] === '/';
    at += empty ? 2 : 1;
    if (!empty) {
      content(true, inRecord || isRecord);
      past('>');
    }
    if (isRecord) {
      const before = text.slice(0, start);
      const lines = before.split('\n');
      const place = {
        offset: bytesTo(start),
        line: lines.length,
        column: Buffer.byteLength(lines.at(-1)!) + 1,
      };
      records.push({ text: text.slice(start, at), place, endOffset: bytesTo(at) });
    }
    if (!inRoot) rootEnd = bytesTo(at);
  }

  function content(inRoot: boolean, inRecord: boolean): void {
    while (at < text.length && !text.startsWith('</', at)) {
      if (text.startsWith('<!--', at)) past('-->', '<!--');
      else if (text.startsWith('<![CDATA[', at)) past(']]>', '<![CDATA[');
      else if (text.startsWith('<?', at)) past('?>', '<?');
      else if (text[at] === '<') element(inRoot, inRecord);
      else at++;
    }
  }

  content(false, false);
  return { records, rootEnd };
}
