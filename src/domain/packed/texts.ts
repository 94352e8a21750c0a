// Rows of texts as one text and the ends of its fields, which threads pass on at the cost of copying memory.

export interface PackedTexts {
  /** Fields per row. */
  readonly columns: number;
  /** All fields, row after row. A null is packed as an empty text. */
  readonly text: string;
  /** The offset in `text` of the end of each field, in UTF-16 units. */
  readonly ends: Uint32Array;
}

/** `rows`: each with as many fields as there are columns. */
export function packTexts(columns: number, rows: readonly (readonly unknown[])[]): PackedTexts {
  const ends = new Uint32Array(rows.length * columns);
  let text = '';
  let at = 0;
  for (const row of rows)
    for (const field of row) {
      if (typeof field === 'string') text += field;
      ends[at++] = text.length;
    }
  return { columns, text, ends };
}

export const rowCount = ({ columns, ends }: PackedTexts): number => ends.length / columns;

/** A field as it was packed; an empty text for null. */
export function fieldOf({ columns, text, ends }: PackedTexts, row: number, column: number): string {
  const at = row * columns + column;
  return text.slice(at === 0 ? 0 : ends[at - 1], ends[at]);
}
