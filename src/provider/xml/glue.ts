// What stands between the records of an XML feed: prolog, root, wrappers, comments, blanks. Read token by token, so that
// a feed which ends early, twice, or in something else is noticed.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { isBlank, localName } from './cursor.ts';
import { doctypeEnd } from './prolog.ts';
import { checkElement } from './well-formed.ts';

export type GlueStep =
  /** A token ends at this index; go on there. */
  | { readonly kind: 'go-on'; readonly to: number }
  /** A record begins right here; its name as it is written, with its prefix. */
  | { readonly kind: 'record'; readonly name: string }
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
/** Around all records of every dialect. */
const wrapper = 'output';
const more: GlueStep = { kind: 'more' };

export function createGlue(root: string, record: string): Glue {
  const open: string[] = [];
  let rootSeen = false;
  let recordSeen = false;
  /** The first element below the root that is neither a record nor the wrapper of all of them. */
  let stranger: string | null = null;
  let doctypeSeen = false;
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

  /** One that only names a document type says nothing, and is not fetched; one with declarations is refused. */
  function doctype(bytes: Buffer, at: number): GlueStep {
    const end = doctypeEnd(bytes.subarray(at, at + tokenBytesMax));
    if (end === null) return upTo(bytes, at, '<!', '\0never');
    if (end === 'subset')
      giveUp('doctype_refused', 'Got a <!DOCTYPE> with declarations, expected none or one without them.');
    else if (rootSeen || doctypeSeen)
      blemish('xml_malformed', 'Got a <!DOCTYPE> behind the start of the feed.');
    doctypeSeen = true;
    return { kind: 'go-on', to: end === 'subset' ? bytes.length : at + end };
  }

  function text(bytes: Buffer, at: number): GlueStep {
    const next = bytes.indexOf('<', at);
    // A byte order mark may be cut by the end of what is in hand.
    const to = next < 0 ? bytes.length - cutMarkBytes(bytes) : next;
    if (to <= at) return more;
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
    if (open.length > 0) {
      const recordTag = nameOfTag(bytes, at, record);
      if (recordTag !== null) {
        recordSeen = true;
        return { kind: 'record', name: recordTag };
      }
    }
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
    if (!rootSeen && localName(name) !== root)
      giveUp('root_unexpected', `Got the root ${shown(name)}, expected ${shown(root)}.`);
    else if (rootSeen && open.length === 0) blemish('xml_malformed', `Got a second root, ${shown(name)}.`);
    else if (open.length >= depthMax)
      giveUp('xml_malformed', `Got elements nested deeper than ${depthMax}, expected <${record}>.`);
    if (rootSeen && localName(name) !== wrapper) stranger ??= name;
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
      if (/^<!doctype/i.test(start)) return doctype(bytes, at);
      if (start.startsWith('<!')) {
        blemish('xml_malformed', `Got ${shown(start)} between records.`);
        return upTo(bytes, at, '<!', '>');
      }
      return tag(bytes, at);
    },
    end() {
      if (!rootSeen) return hopeless ?? refuse('feed_empty', `Got an empty document, expected <${root}>.`);
      if (fault !== null) return fault;
      if (open.length > 0) return refuse('feed_truncated', `The feed ended inside <${open.at(-1)}>.`);
      return recordSeen || stranger === null
        ? null
        : refuse(
            'records_unrecognised',
            `Got <${stranger}> and no <${record}>, expected records or none of either.`,
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

/** How many bytes at the end begin a byte order mark that is not all there. */
const cutMarkBytes = (bytes: Buffer): number =>
  bytes.at(-1) === 0xef ? 1 : bytes.at(-2) === 0xef && bytes.at(-1) === 0xbb ? 2 : 0;

/** Index of the first byte in [from, to) that is no blank or byte order mark; `to` when there is none. */
function inked(bytes: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (isBlank(bytes[i])) continue;
    // A byte order mark, where feeds were joined to one.
    if (bytes[i] !== 0xef || bytes[i + 1] !== 0xbb || bytes[i + 2] !== 0xbf) return i;
    i += 2;
  }
  return to;
}

/** The name of the start tag at `at` when it certainly is `local`, with a prefix or without; else null. */
function nameOfTag(bytes: Buffer, at: number, local: string): string | null {
  let end = at + 1;
  while (end < bytes.length && !endsName(bytes[end])) end++;
  // It ends with the name that is looked for, which is soon told of most that do not.
  if (end >= bytes.length || end - at <= local.length) return null;
  if (bytes.toString('latin1', end - local.length, end) !== local) return null;
  const name = bytes.toString('utf8', at + 1, end);
  return localName(name) === local ? name : null;
}

/** A blank, "/" or ">". */
const endsName = (byte: number | undefined): boolean => isBlank(byte) || byte === 47 || byte === 62;

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
