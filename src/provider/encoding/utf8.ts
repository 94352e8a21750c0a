// The text of a record. Bytes that are not UTF-8 are read as windows-1252 reads them, each by itself: nearly always an older
// program has put them among UTF-8, and an event is worth more than a letter of its title.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface RecordText {
  readonly text: string;
  /** Bytes that were not UTF-8, and characters that were lost before. */
  readonly repaired: number;
}

export function decodeRecord(bytes: Uint8Array): RecordText {
  try {
    const text = strict.decode(bytes);
    return { text, repaired: text.includes('\ufffd') ? text.split('\ufffd').length - 1 : 0 };
  } catch {
    return mended(bytes);
  }
}

/** A character of UTF-8 that is more than one byte, in Latin-1; or a byte that belongs to none. Source: RFC 3629, section 4. */
const sequence =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|([\x80-\xff])/g;

function mended(bytes: Uint8Array): RecordText {
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
