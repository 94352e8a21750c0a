// Rows of texts that SQLite itself joins into a few blobs: no text of them becomes a string, which takes a third of the time.

import type { PackedTexts } from '#/domain/packed/texts.ts';
import { release } from '#/kit/machine/release.ts';
import { zonesStoredAs, zoneKinds, type PackedZones } from '#/domain/packed/zone-bytes.ts';

/** A length is two code points, the higher bits first: SQLite writes code points up to 0x10ffff. */
const lowBits = 10;

const lengthOf = (column: string): string =>
  `octet_length(${column}) >> ${lowBits}, octet_length(${column}) & ${(1 << lowBits) - 1}`;

const joined = (value: string): string => `cast(group_concat(${value}, '') as blob)`;

/** Of the zones: a kind and the two of a length. */
const pointsPerRow = 3;
const isKind = (_: number, at: number): boolean => at % pointsPerRow === 0;
const isLength = (point: number, at: number): boolean => !isKind(point, at);

/**
 * A query of one row with four blobs, or two without zones: all fields of the rows of `sql` in the order of `columns`, which are texts or
 * null, and their lengths; then all zones, and their kinds and lengths. The blobs are null when there are no rows.
 */
export function packedQuery(sql: string, columns: readonly string[], withZones: boolean): string {
  const kind = `case typeof(zones) when 'text' then ${zoneKinds.text} when 'blob' then ${zoneKinds.deflated} else ${zoneKinds.none} end`;
  return `select ${joined(`concat(${columns.join(', ')})`)}, ${joined(`char(${columns.map(lengthOf).join(', ')})`)}${
    withZones ? `, ${joined('zones')}, ${joined(`char(${kind}, ${lengthOf('zones')})`)}` : ''
  } from (${sql})`;
}

/** What the row of such a query has. The blobs that are copied are freed: an idle thread may not collect them for minutes. */
export function packedRows(
  row: readonly unknown[],
  columns: number,
): { readonly packed: PackedTexts; readonly zones: PackedZones | null } {
  const [fields, lengths, zones, kinds] = row.map((blob) => (blob ?? new Uint8Array()) as Uint8Array);
  if (fields === undefined || lengths === undefined)
    throw new Error(`Got ${row.length} blobs of packed rows, expected 2 or 4.`);
  const packed = { columns, bytes: fields, ends: endsIn(lengths) };
  checkLength(packed.ends, fields);
  if (zones === undefined || kinds === undefined) return { packed, zones: null };
  const points = codePoints(kinds);
  const ends = endsOf(points.filter(isLength));
  checkLength(ends, zones);
  const stored = zonesStoredAs(zones, ends, points.filter(isKind));
  for (const copied of [zones, kinds, points]) release(copied);
  return { packed, zones: stored };
}

function endsIn(lengths: Uint8Array): Uint32Array {
  const points = codePoints(lengths);
  const ends = endsOf(points);
  for (const copied of [lengths, points]) release(copied);
  return ends;
}

function endsOf(lengths: Uint32Array): Uint32Array {
  const ends = new Uint32Array(lengths.length / 2);
  let end = 0;
  for (let i = 0; i < ends.length; i++) {
    end += ((lengths[2 * i] ?? 0) << lowBits) + (lengths[2 * i + 1] ?? 0);
    ends[i] = end;
  }
  return ends;
}

function checkLength(ends: Uint32Array, { length }: Uint8Array): void {
  const expected = ends.at(-1) ?? 0;
  if (length !== expected) throw new Error(`Got ${length} bytes of packed rows, expected ${expected}.`);
}

/** Bytes behind the first one of a code point have six bits each. */
const isBehind = (byte: number): boolean => byte >> 6 === 2;

/** The code points of a text in UTF-8. */
function codePoints(bytes: Uint8Array): Uint32Array {
  let count = 0;
  for (const byte of bytes) if (!isBehind(byte)) count++;
  const points = new Uint32Array(count);
  count = 0;
  for (const byte of bytes) {
    if (isBehind(byte)) points[count - 1] = ((points[count - 1] ?? 0) << 6) | (byte & 0x3f);
    else
      points[count++] =
        byte < 0x80 ? byte : byte < 0xe0 ? byte & 0x1f : byte < 0xf0 ? byte & 0x0f : byte & 0x07;
  }
  return points;
}
