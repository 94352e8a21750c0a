// The requests of an attack: paths from a file, or from the access log of Marquee.

import { UsageError } from '#/kit/command-line/command.ts';

export const defaultPaths: readonly string[] = ['/search'];

const pathsMax = 1_000_000;

/**
 * One path a line, or a line of JSON with the field `url`, as the access log has them; other lines of a log are skipped, and
 * so are empty ones and those that begin with `#`. Throws UsageError for a line that is none of these.
 */
export function pathsIn(text: string): string[] {
  const paths: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const path = line.startsWith('{') ? urlOf(line) : line;
    if (path === null) continue;
    if (!/^\/[\x21-\x7e]*$/.test(path))
      throw new UsageError(
        `Got ${JSON.stringify(line.slice(0, 80))} in line ${index + 1} of the queries, expected a path such as /search?starts_at=2026-01-01.`,
      );
    if (paths.push(path) === pathsMax) break;
  }
  if (paths.length === 0) throw new UsageError('Got no path in the queries, expected at least one.');
  return paths;
}

/** Of a line of the access log; null for another line of a log. */
function urlOf(line: string): string | null {
  try {
    const { url } = JSON.parse(line) as { url?: unknown };
    return typeof url === 'string' ? url : null;
  } catch {
    return null;
  }
}
