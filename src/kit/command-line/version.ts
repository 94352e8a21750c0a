// The version of Marquee, from package.json, and the revision of its source.

import { readFileSync } from 'node:fs';

export function versionOfPackage(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The trimmed text of a file; null when it cannot be read or is empty. */
function textOf(path: string): string | null {
  try {
    return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/**
 * The revision of the source: from the file REVISION, which the image has, or from the checkout of git; `unknown` without
 * either. Read from files, because git may not be installed.
 */
export function revisionOfPackage(): string {
  const head = textOf('REVISION') ?? textOf('.git/HEAD') ?? 'unknown';
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  if (ref === undefined) return head.slice(0, 40);
  const packed = (): string | undefined =>
    new RegExp(`^([0-9a-f]{40}) ${ref}$`, 'm').exec(textOf('.git/packed-refs') ?? '')?.[1];
  return textOf(`.git/${ref}`) ?? packed() ?? 'unknown';
}
