// Decodes the text of a record. Each byte that is not part of valid UTF-8 is read as windows-1252: usually an older program
// wrote it into a UTF-8 document, and losing an event is worse than a wrong letter in its title.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface RecordText {
  readonly text: string;
  /** The number of bytes that were not UTF-8, or of U+FFFD characters. */
  readonly repaired: number;
}

/** Decodes the bytes from `from` up to but not including `to`. */
export function decodeRecord(bytes: Uint8Array, from = 0, to = bytes.length): RecordText {
  // Without a view of the bytes, and with U+FFFD for what is not UTF-8.
  const read: string = Buffer.prototype.utf8Slice.call(bytes, from, to);
  if (!read.includes('\ufffd')) return { text: read, repaired: 0 };
  const own = bytes.subarray(from, to);
  try {
    const text = strict.decode(own);
    return { text, repaired: text.split('\ufffd').length - 1 };
  } catch {
    return repairedText(own);
  }
}

/** In Latin-1: a multi-byte UTF-8 sequence, or a byte outside of any. Source: RFC 3629, section 4. */
const sequence =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|([\x80-\xff])/g;

function repairedText(bytes: Uint8Array): RecordText {
  const windows = new TextDecoder('windows-1252');
  let repaired = 0;
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const text = raw.replaceAll(sequence, (found: string, stray: string | undefined) => {
    const own = Buffer.from(found, 'latin1');
    if (stray === undefined) return own.toString('utf8');
    repaired++;
    return windows.decode(own);
  });
  return { text, repaired };
}
