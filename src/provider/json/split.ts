// Splits a JSON document into the objects that are its records, as the bytes arrive. It holds at most one record at a time.

import type { Place } from '#/domain/record.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createWindow } from '#/provider/xml/window.ts';
import { createObjectScan, type ObjectScan } from './object-scan.ts';

/** Where the records of a document are. An array on the way counts as its elements. */
export interface RecordPath {
  /** For each level below the root, the names of the members to enter. */
  readonly levels: readonly (readonly string[])[];
  /** An object without any of these members is itself a record. */
  readonly orItself: boolean;
}

interface OpenObject {
  readonly kind: 'object';
  /** The level of its members. */
  readonly level: number;
  readonly scan: ObjectScan;
  readonly place: Place;
  /** It may still be a record: no member was entered, and it is not too large. */
  mayBeRecord: boolean;
}

/** What has begun around the records. */
type Open = { readonly kind: 'array'; readonly level: number } | OpenObject;

//   first, value ──"{"──▶ object ──member──▶ value                   on the path
//   first, value ──"{"──▶ record ──its end──▶ after                  where the path ends
//   first, value ──"["──▶ first      after ──","──▶ value      first, after ──"]"──▶ after
//   Behind a value in an object: object.
type Phase =
  | { readonly in: 'first' | 'value' | 'after' | 'object' | 'other' }
  | { readonly in: 'record'; readonly place: Place; readonly scan: ObjectScan; tooLarge: boolean };

const nothing = new Uint8Array(0);
const depthMax = 16;
/** Values other than objects are reported up to this number: a feed of numbers would otherwise have millions of faults. */
const othersMax = 100;
const [comma, openBracket, closeBracket, openBrace, closeBrace] = [44, 91, 93, 123, 125];
const blanks = new Set([9, 10, 13, 32]);

const refused = (place: Place, code: string, message: string): RawRecord => {
  return { bytes: nothing, place, refusal: refuse(code, message) };
};

/** For records of at most `recordBytesMax` bytes each. */
export function createDocumentSplitter(path: RecordPath, recordBytesMax: number): Splitter {
  const window = createWindow();
  const stack: Open[] = [];
  let phase: Phase = { in: 'first' };
  /** Whether anything but blanks arrived, and whether the end of the path did. */
  let [begun, reached] = [false, false];
  let hopeless: Refusal | null = null;
  let fault: Refusal | null = null;
  let others = 0;
  /** The offset in the feed up to which everything is processed. */
  let at = 0;

  const byte = (): number => window.bytes[at - window.base] ?? 0;
  const isOut = (): boolean => at - window.base >= window.bytes.length;
  const tooLarge = (place: Place): RawRecord =>
    refused(place, 'record_too_large', `Got a record of more than ${recordBytesMax} bytes.`);

  function malformed(wanted: string): void {
    const saw = shown(String.fromCharCode(byte()));
    fault ??= refuse('json_malformed', `Got ${saw} between the records, expected ${wanted}.`);
  }

  /** Behind a value: continues in the array or object around it. */
  function leave(): void {
    const around = stack.at(-1);
    if (around?.kind === 'object') around.scan.resume(at);
    phase = { in: around?.kind === 'object' ? 'object' : 'after' };
  }

  function closeArray(): void {
    at++;
    stack.pop();
    leave();
  }

  /** Begins a record, what is around records, or a value that is neither. */
  function beginValue(): RawRecord | null {
    const code = byte();
    const level = stack.at(-1)?.level ?? 0;
    const isNested = stack.length >= depthMax;
    if (code === openBrace && level >= path.levels.length) {
      reached = true;
      phase = { in: 'record', place: window.place(at), scan: createObjectScan(at, []), tooLarge: false };
    } else if (code === openBrace && !isNested) {
      const scan = createObjectScan(at, path.levels[level] ?? []);
      const place = window.place(at);
      stack.push({ kind: 'object', level: level + 1, scan, place, mayBeRecord: path.orItself });
      phase = { in: 'object' };
    } else if (code === openBracket && !isNested) {
      reached ||= path.orItself || level >= path.levels.length;
      stack.push({ kind: 'array', level });
      at++;
      phase = { in: 'first' };
    } else {
      phase = { in: 'other' };
      if (++others > othersMax) return null;
      const saw = shown(String.fromCharCode(code));
      return refused(window.place(at), 'record_unexpected', `Got a value with ${saw}, expected an object.`);
    }
    return null;
  }

  /** A value that cannot be a record ends at the next comma or bracket. */
  function skipOther(): void {
    for (; !isOut(); at++) {
      const code = byte();
      if (code === comma || code === closeBracket || code === closeBrace) return leave();
    }
  }

  /** Behind an element of an array, or behind the root. */
  function between(): void {
    const code = byte();
    if (stack.length === 0) {
      malformed('the end of the document');
      at = window.base + window.bytes.length;
    } else if (code === comma) {
      at++;
      phase = { in: 'value' };
    } else if (code === closeBracket) closeArray();
    else {
      malformed('"," or "]"');
      if (code === openBrace) phase = { in: 'value' };
      else at++;
    }
  }

  function step(): RawRecord | null {
    const code = byte();
    if (!begun && code !== openBrace && code !== openBracket) {
      hopeless = refuse(
        'root_unexpected',
        `Got ${shown(String.fromCharCode(code))}, expected a JSON document.`,
      );
      return null;
    }
    begun = true;
    if (phase.in === 'after') between();
    else if (code === closeBracket && stack.at(-1)?.kind === 'array') {
      if (phase.in === 'value') malformed('a value');
      closeArray();
    } else return beginValue();
    return null;
  }

  /** Null when more bytes are needed, or when there is nothing to report. */
  function walk(object: OpenObject): RawRecord | null {
    const { scan, place } = object;
    const found = scan.find(window.bytes, window.base);
    const isTooLarge = object.mayBeRecord && scan.at - place.offset > recordBytesMax;
    if (isTooLarge || found === 'member') object.mayBeRecord = false;
    const from = at;
    if (!object.mayBeRecord || found === 'end') at = found === 'more' ? scan.keepFrom : scan.at;
    if (found === 'member') phase = { in: 'value' };
    if (found === 'end') {
      stack.pop();
      leave();
    }
    if (isTooLarge && found !== 'member') return tooLarge(place);
    if (found !== 'end' || !object.mayBeRecord) return null;
    reached = true;
    return { bytes: window.bytes.subarray(from - window.base, at - window.base), place };
  }

  function closeRecord(record: Phase & { in: 'record' }): RawRecord | null {
    const { scan, place } = record;
    const isEnd = scan.find(window.bytes, window.base) === 'end';
    const isReported = record.tooLarge;
    record.tooLarge ||= scan.at - place.offset > recordBytesMax;
    const from = at;
    if (isEnd || record.tooLarge) at = scan.at;
    if (isEnd) leave();
    if (record.tooLarge) return isReported ? null : tooLarge(place);
    return isEnd ? { bytes: window.bytes.subarray(from - window.base, at - window.base), place } : null;
  }

  return {
    *push(chunk) {
      if (hopeless !== null) return;
      window.append(chunk);
      while (!isOut() && hopeless === null) {
        const around = stack.at(-1);
        const before: Phase = phase;
        let raw: RawRecord | null = null;
        if (before.in === 'record') raw = closeRecord(before);
        else if (before.in === 'object' && around?.kind === 'object') raw = walk(around);
        else if (before.in === 'other') skipOther();
        else if (blanks.has(byte())) at++;
        else raw = step();
        if (raw !== null) yield raw;
        // Inside of an object, all bytes that arrived are searched.
        if (phase === before && (before.in === 'record' || before.in === 'object')) break;
      }
      window.consume(at);
    },
    end() {
      if (!begun) return hopeless ?? refuse('feed_empty', 'Got an empty document, expected JSON.');
      if (stack.length > 0 || phase.in !== 'after')
        return hopeless ?? refuse('feed_truncated', 'The feed ended inside the document.');
      if (fault !== null || reached) return fault;
      const names = path.levels.map((level) => level.join(' or ')).join('.');
      return refuse('records_missing', `Got a document without ${shown(names)}.`);
    },
    get hopeless() {
      return hopeless;
    },
  };
}
