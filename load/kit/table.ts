// A table for a terminal: the first column is aligned left, all others right.

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width)))
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

/** Rounded to about three digits: `0.912`, `12.3`, `4567`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export const megabytes = (bytes: number): string => `${shortNumber(bytes / 1e6)} MB`;

/** Whether a target was met, as text. */
export const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');
