// What stands between the records of an XML feed: prolog, root, wrappers, comments, blanks. Read token by token, so that
// a feed which ends early, twice, or in something else is noticed.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { isBlank } from './cursor.ts';
import { checkElement } from './well-formed.ts';

export type GlueStep =
  /** A token ends at this index; go on there. */
  | { readonly kind: 'go-on'; readonly to: number }
  /** A record begins right here. */
  | { readonly kind: 'record' }
  /** The token is not wholly there yet. */
  | { readonly kind: 'more' };

export interface Glue {
  step(bytes: Buffer, at: number): GlueStep;
  /** Null when all that was opened is closed, and nothing was amiss. */
  end(): Refusal | null;
  /** The first fault, with which the feed may be read on but is not whole. */
  readonly fault: Refusal | null;
  /** A fault that makes it no feed of this dialect. */
  readonly hopeless: Refusal | null;
}

const tokenBytesMax = 1024 * 1024;
/** Root and wrappers; no feed nests its records deeper. */
const depthMax = 16;
const more: GlueStep = { kind: 'more' };

export function createGlue(root: string, record: string): Glue {
  const open: string[] = [];
  let rootSeen = false;
  let fault: Refusal | null = null;
  let hopeless: Refusal | null = null;

  const blemish = (code: string, message: string): void => void (fault ??= refuse(code, message));
  const giveUp = (code: string, message: string): void => void (hopeless ??= refuse(code, message));

  /** Up to and with the `end` of what `begin` opens, or more. */
  function upTo(bytes: Buffer, at: number, begin: string, end: string): GlueStep {
    const found = bytes.indexOf(end, at + begin.length);
    if (found >= 0) return { kind: 'go-on', to: found + end.length };
    if (bytes.length - at > tokenBytesMax)
      giveUp('xml_malformed', `Got a token of more than ${tokenBytesMax} bytes.`);
    return more;
  }

  function comment(bytes: Buffer, at: number): GlueStep {
    const step = upTo(bytes, at, '<!--', '-->');
    if (step.kind === 'go-on' && bytes.indexOf('--', at + 4) < step.to - 3)
      blemish('xml_malformed', 'Got "--" inside a comment.');
    return step;
  }

  function text(bytes: Buffer, at: number): GlueStep {
    const next = bytes.indexOf('<', at);
    const to = next < 0 ? bytes.length : next;
    const from = inked(bytes, at, to);
    if (from < to) {
      const content = bytes.toString('utf8', from, Math.min(to, from + 240)).trim();
      const message = `Got the text ${shown(content)} between records, expected <${rootSeen ? record : root}>.`;
      if (rootSeen) blemish('text_unexpected', message);
      else giveUp('root_unexpected', message);
    }
    return { kind: 'go-on', to };
  }

  function tag(bytes: Buffer, at: number): GlueStep {
    // However long its start tag is: a record has a limit of its own.
    if (open.length > 0 && isTagOf(bytes, at, record)) return { kind: 'record' };
    const end = tagEnd(bytes, at);
    if (end < 0) return upTo(bytes, at, '<', '\0never');
    const source = bytes.toString('utf8', at, end);
    const name = /^<\/?([^\s/>]*)/.exec(source)?.[1] ?? '';
    if (source.startsWith('</')) {
      if (open.at(-1) === name && /^<\/[^\s/>]+\s*>$/.test(source)) open.pop();
      else
        blemish(
          'xml_malformed',
          `Got ${shown(source)}, expected ${open.length > 0 ? `</${open.at(-1)}>` : 'the end of the feed'}.`,
        );
      return { kind: 'go-on', to: end };
    }
    const problem = checkElement(source.endsWith('/>') ? source : `${source.slice(0, -1)}/>`);
    if (problem !== null) blemish(problem.refusal.code, problem.refusal.message);
    if (!rootSeen && name !== root)
      giveUp('root_unexpected', `Got the root ${shown(name)}, expected ${shown(root)}.`);
    else if (rootSeen && open.length === 0) blemish('xml_malformed', `Got a second root, ${shown(name)}.`);
    else if (open.length >= depthMax)
      giveUp('xml_malformed', `Got elements nested deeper than ${depthMax}, expected <${record}>.`);
    rootSeen = true;
    if (!source.endsWith('/>')) open.push(name);
    return { kind: 'go-on', to: end };
  }

  return {
    step(bytes, at) {
      if (bytes[at] !== 60) return text(bytes, at);
      if (bytes.length - at < 9 && bytes.indexOf('>', at) < 0) return more;
      const start = bytes.toString('latin1', at, at + 9);
      if (start.startsWith('<?')) return upTo(bytes, at, '<?', '?>');
      if (start.startsWith('<!--')) return comment(bytes, at);
      if (start.startsWith('<!')) {
        if (/^<!doctype/i.test(start)) giveUp('doctype_refused', 'Got a <!DOCTYPE>, which no feed needs.');
        blemish('xml_malformed', `Got ${shown(start)} between records.`);
        return upTo(bytes, at, '<!', '>');
      }
      return tag(bytes, at);
    },
    end() {
      if (!rootSeen) return hopeless ?? refuse('feed_empty', `Got an empty document, expected <${root}>.`);
      return (
        fault ??
        (open.length > 0 ? refuse('feed_truncated', `The feed ended inside <${open.at(-1)}>.`) : null)
      );
    },
    get fault() {
      return fault;
    },
    get hopeless() {
      return hopeless;
    },
  };
}

/** Index of the first byte in [from, to) that is no blank; `to` when there is none. */
function inked(bytes: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) if (!isBlank(bytes[i])) return i;
  return to;
}

/** Whether the start tag at `at` is certainly one of `<name`: a blank, "/" or ">" follows. */
function isTagOf(bytes: Buffer, at: number, name: string): boolean {
  const end = at + 1 + name.length;
  if (end >= bytes.length) return false;
  const next = bytes[end];
  return (isBlank(next) || next === 47 || next === 62) && bytes.toString('latin1', at + 1, end) === name;
}

/** Index behind the ">" of the tag at `at`, or -1 when it is not there yet; a quoted ">" does not count. */
function tagEnd(bytes: Buffer, at: number): number {
  let quote = 0;
  for (let i = at; i < bytes.length; i++) {
    const code = bytes[i];
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 62) return i + 1;
  }
  return -1;
}
