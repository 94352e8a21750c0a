// The zones of the events of a slice, as the archive stores them, in one buffer that threads pass on.

/** `kinds`: 0 without zones, 1 text in UTF-8, 2 a raw deflate stream of that. */
export interface PackedZones {
  readonly bytes: Uint8Array;
  /** The offset in `bytes` of the end of each event's zones. */
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
}

export const zoneKinds = { none: 0, text: 1, deflated: 2 } as const;

const storedBlockHead = 5;

/** `zones`: of each event, as the archive stores them: see `known_event`. */
export function packZones(zones: readonly unknown[]): PackedZones {
  const ends = new Uint32Array(zones.length);
  const kinds = new Uint8Array(zones.length);
  let end = 0;
  const parts = zones.map((one, i) => {
    if (typeof one === 'string') kinds[i] = zoneKinds.text;
    else if (one instanceof Uint8Array) kinds[i] = zoneKinds.deflated;
    const part = one instanceof Uint8Array ? one : Buffer.from(typeof one === 'string' ? one : '');
    ends[i] = end += part.length;
    return part;
  });
  return zonesStoredAs(Buffer.concat(parts), ends, kinds);
}

/** `zones`: of all events, one behind the other, as SQLite stores them, with the end and the kind of each. */
export function zonesStoredAs(zones: Uint8Array, ends: Uint32Array, kinds: ArrayLike<number>): PackedZones {
  const packed = { ends: new Uint32Array(ends.length), kinds: Uint8Array.from(kinds) };
  const bytes = new Uint8Array(zones.length);
  let at = 0;
  for (const [i, end] of ends.entries()) {
    let from = ends[i - 1] ?? 0;
    if (kinds[i] === zoneKinds.deflated && isStoredBlock(zones.subarray(from, end))) {
      from += storedBlockHead;
      packed.kinds[i] = zoneKinds.text;
    }
    bytes.set(zones.subarray(from, end), at);
    at += end - from;
    packed.ends[i] = at;
  }
  return { ...packed, bytes: bytes.subarray(0, at) };
}

/** Whether a stream is one block that is not compressed: see `storedBlock`. */
const isStoredBlock = (bytes: Uint8Array): boolean =>
  bytes[0] === 1 && bytes.length === storedBlockHead + ((bytes[1] ?? 0) | ((bytes[2] ?? 0) << 8));

export const zonesAt = ({ bytes, ends }: PackedZones, row: number): Uint8Array =>
  bytes.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
