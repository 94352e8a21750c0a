// Reads an XML feed outside of its records: prolog, root, wrapper elements, comments, whitespace. It reads token by token, and
// notices a feed that is truncated, has a second root, or contains something else.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { isBlank, localName } from './cursor.ts';
import { doctypeEnd } from './prolog.ts';
import { checkElement } from './well-formed.ts';

export type OutlineStep =
  /** A token ends at this index; continue there. */
  | { readonly kind: 'continue'; readonly to: number }
  /** A record begins here. `name` is its qualified name. */
  | { readonly kind: 'record'; readonly name: string }
  /** The token is incomplete; more bytes are needed. */
  | { readonly kind: 'more' };

export interface Outline {
  step(bytes: Buffer, at: number): OutlineStep;
  /** Null when every element is closed and there was no fault. */
  end(): Refusal | null;
  /** The first fault after which reading continues. The feed is then not complete. */
  readonly fault: Refusal | null;
  /** A fault that proves that this is not a feed of the dialect. */
  readonly hopeless: Refusal | null;
}

const tokenBytesMax = 1024 * 1024;
/** The limit for root and wrapper elements around records. */
const depthMax = 16;
/** The element around all records in both dialects. */
const wrapper = 'output';
const [exclamation, question] = [33, 63];
const more: OutlineStep = { kind: 'more' };

export function createOutline(root: string, record: string): Outline {
  const open: string[] = [];
  let rootSeen = false;
  let recordSeen = false;
  /** The qualified name of the last record; most records have the same. */
  let lastRecord = { name: '', bytes: Buffer.alloc(0) };
  /** The first element below the root that is neither a record nor the wrapper. */
  let unexpected: string | null = null;
  let doctypeSeen = false;
  let fault: Refusal | null = null;
  let hopeless: Refusal | null = null;

  const addFault = (code: string, message: string): void => void (fault ??= refuse(code, message));
  const giveUp = (code: string, message: string): void => void (hopeless ??= refuse(code, message));

  /** A step to the end of the token between `begin` and `end`, or `more`. */
  function upTo(bytes: Buffer, at: number, begin: string, end: string): OutlineStep {
    const found = bytes.indexOf(end, at + begin.length);
    if (found >= 0) return { kind: 'continue', to: found + end.length };
    if (bytes.length - at > tokenBytesMax)
      giveUp('xml_malformed', `Got a token of more than ${tokenBytesMax} bytes.`);
    return more;
  }

  function comment(bytes: Buffer, at: number): OutlineStep {
    const step = upTo(bytes, at, '<!--', '-->');
    if (step.kind === 'continue' && bytes.indexOf('--', at + 4) < step.to - 3)
      addFault('xml_malformed', 'Got "--" inside a comment.');
    return step;
  }

  /** A DOCTYPE that only names a document type is accepted, and its DTD is not fetched; one with declarations is refused. */
  function doctype(bytes: Buffer, at: number): OutlineStep {
    const end = doctypeEnd(bytes.subarray(at, at + tokenBytesMax));
    if (end === null) return upTo(bytes, at, '<!', '\0never');
    if (end === 'subset')
      giveUp('doctype_refused', 'Got a <!DOCTYPE> with declarations, expected none or one without them.');
    else if (rootSeen || doctypeSeen)
      addFault('xml_malformed', 'Got a <!DOCTYPE> after the start of the feed.');
    doctypeSeen = true;
    return { kind: 'continue', to: end === 'subset' ? bytes.length : at + end };
  }

  function text(bytes: Buffer, at: number): OutlineStep {
    const next = bytes.indexOf('<', at);
    // The bytes may end inside a byte order mark.
    const to = next < 0 ? bytes.length - cutMarkBytes(bytes) : next;
    if (to <= at) return more;
    const from = firstContent(bytes, at, to);
    if (from < to) {
      const content = bytes.toString('utf8', from, Math.min(to, from + 240)).trim();
      const message = `Got the text ${shown(content)} between records, expected <${rootSeen ? record : root}>.`;
      if (rootSeen) addFault('text_unexpected', message);
      else giveUp('root_unexpected', message);
    }
    return { kind: 'continue', to };
  }

  function tag(bytes: Buffer, at: number): OutlineStep {
    // The start tag of a record may have any length; the limit for records applies to it.
    if (open.length > 0) {
      const recordTag = hasName(bytes, at, lastRecord.bytes) ? lastRecord.name : nameOfTag(bytes, at, record);
      if (recordTag !== null) {
        if (recordTag !== lastRecord.name) lastRecord = { name: recordTag, bytes: Buffer.from(recordTag) };
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
        addFault(
          'xml_malformed',
          `Got ${shown(source)}, expected ${open.length > 0 ? `</${open.at(-1)}>` : 'the end of the feed'}.`,
        );
      return { kind: 'continue', to: end };
    }
    const problem = checkElement(source.endsWith('/>') ? source : `${source.slice(0, -1)}/>`);
    if (problem !== null) addFault(problem.refusal.code, problem.refusal.message);
    if (!rootSeen && localName(name) !== root)
      giveUp('root_unexpected', `Got the root ${shown(name)}, expected ${shown(root)}.`);
    else if (rootSeen && open.length === 0) addFault('xml_malformed', `Got a second root, ${shown(name)}.`);
    else if (open.length >= depthMax)
      giveUp('xml_malformed', `Got elements nested deeper than ${depthMax}, expected <${record}>.`);
    if (rootSeen && localName(name) !== wrapper) unexpected ??= name;
    rootSeen = true;
    if (!source.endsWith('/>')) open.push(name);
    return { kind: 'continue', to: end };
  }

  return {
    step(bytes, at) {
      if (bytes[at] !== 60) return text(bytes, at);
      if (bytes.length - at < 9 && bytes.indexOf('>', at) < 0) return more;
      // Most tokens are tags, and need no text of their own here.
      if (bytes[at + 1] !== exclamation && bytes[at + 1] !== question) return tag(bytes, at);
      const start = bytes.toString('latin1', at, at + 9);
      if (start.startsWith('<?')) return upTo(bytes, at, '<?', '?>');
      if (start.startsWith('<!--')) return comment(bytes, at);
      if (/^<!doctype/i.test(start)) return doctype(bytes, at);
      addFault('xml_malformed', `Got ${shown(start)} between records.`);
      return upTo(bytes, at, '<!', '>');
    },
    end() {
      if (!rootSeen) return hopeless ?? refuse('feed_empty', `Got an empty document, expected <${root}>.`);
      if (fault !== null) return fault;
      if (open.length > 0) return refuse('feed_truncated', `The feed ended inside <${open.at(-1)}>.`);
      return recordSeen || unexpected === null
        ? null
        : refuse(
            'records_unrecognised',
            `Got <${unexpected}> but no <${record}>, expected records or an empty feed.`,
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

/** The number of bytes at the end that begin a byte order mark without completing it. */
const cutMarkBytes = (bytes: Buffer): number =>
  bytes.at(-1) === 0xef ? 1 : bytes.at(-2) === 0xef && bytes.at(-1) === 0xbb ? 2 : 0;

/** The index of the first byte in [from, to) outside of whitespace and byte order marks; `to` when there is none. */
function firstContent(bytes: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    if (isBlank(bytes[i])) continue;
    // Concatenated feeds have byte order marks in the middle.
    if (bytes[i] !== 0xef || bytes[i + 1] !== 0xbb || bytes[i + 2] !== 0xbf) return i;
    i += 2;
  }
  return to;
}

/** The name of the start tag at `at` if it is `local`, with or without a prefix; null otherwise or if it is incomplete. */
function nameOfTag(bytes: Buffer, at: number, local: string): string | null {
  let end = at + 1;
  while (end < bytes.length && !endsName(bytes[end])) end++;
  // Compares the end of the name first, which quickly excludes most other tags.
  if (end >= bytes.length || end - at <= local.length) return null;
  if (bytes.toString('latin1', end - local.length, end) !== local) return null;
  const name = bytes.toString('utf8', at + 1, end);
  return localName(name) === local ? name : null;
}

/** Whether the start tag at `at` has this name. False for an empty name. */
function hasName(bytes: Buffer, at: number, name: Buffer): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + 1 + i] !== name[i]) return false;
  const end = at + 1 + name.length;
  return name.length > 0 && end < bytes.length && endsName(bytes[end]);
}

/** Whitespace, "/" or ">". */
const endsName = (byte: number | undefined): boolean => isBlank(byte) || byte === 47 || byte === 62;

/** The index after the ">" of the tag at `at`, or -1 when it has not arrived. A ">" in quotes does not count. */
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
