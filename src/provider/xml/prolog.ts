// Reads what comes before the root of a document.

/**
 * The index after the "<!DOCTYPE …>" that `text` begins with; null when it is incomplete; `subset` when it contains
 * declarations.
 */
export function doctypeEnd(text: Uint8Array): number | 'subset' | null {
  let quote = 0;
  for (const [at, code] of text.entries()) {
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 91) return 'subset';
    else if (code === 62) return at + 1;
  }
  return null;
}

/** The qualified name of the root; null when `head` does not reach it, or is not the beginning of a document. */
export function rootOf(head: string): string | null {
  let at = 0;
  for (;;) {
    while (/\s/.test(head.charAt(at))) at++;
    const end = head.startsWith('<?', at)
      ? after(head, '?>', at + 2)
      : head.startsWith('<!--', at)
        ? after(head, '-->', at + 4)
        : /^<!doctype/i.test(head.slice(at, at + 9))
          ? doctype(head, at)
          : null;
    if (end === null) return /^<([^\s<>/!?]+)[\s/>]/.exec(head.slice(at, at + 300))?.[1] ?? null;
    at = end;
  }
}

/** Skips a DOCTYPE with declarations as well; the splitter refuses it later. */
function doctype(head: string, at: number): number {
  const end = doctypeEnd(Buffer.from(head.slice(at), 'latin1'));
  if (end === null) return head.length;
  if (end !== 'subset') return at + end;
  const closing = /\]\s*>/g;
  closing.lastIndex = at;
  return closing.exec(head) === null ? head.length : closing.lastIndex;
}

function after(head: string, end: string, from: number): number {
  const at = head.indexOf(end, from);
  return at < 0 ? head.length : at + end.length;
}
