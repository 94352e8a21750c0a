// Encodes the companion of a segment from the zones as the archive stores them. Short texts are deflated together; a long one is
// deflated in the archive already, and stays as it is.

import { createHash } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import type { SliceEvent } from '#/domain/packed/slice.ts';
import { zoneKinds, zonesAt, type PackedZones } from '#/domain/packed/zone-bytes.ts';
import { kinds, writeCompanion, type Block } from './format.ts';

/** Of the text of a block, unless one event has more: reading an event inflates all of its block. */
const blockTextBytes = 8192;
const nulled = Buffer.from('null');

/** Takes the events of a segment one by one. */
export interface CompanionEncoder {
  /** The next event by place: see `splitLayers`. */
  add(event: SliceEvent): void;
  /** Once all events are there. `name`: of their segment. */
  finished(name: string): Uint8Array;
}

/** `zones`: of the rows of the events. */
export function createCompanionEncoder(zones: PackedZones): CompanionEncoder {
  const blocks: Block[] = [];
  let lines = Buffer.allocUnsafeSlow(4 * blockTextBytes);
  let [used, firstPlace, places] = [0, 0, 0];

  function flush(nextPlace: number): void {
    if (used > 0) blocks.push({ firstPlace, bytes: ofKind(kinds.lines, deflated(lines.subarray(0, used))) });
    [used, firstPlace] = [0, nextPlace];
  }

  return {
    add({ row, sightings }) {
      const place = places++;
      const kind = zones.kinds[row];
      const own = kind === zoneKinds.none ? nulled : zonesAt(zones, row);
      const { firstSeenAt, lastSeenAt, lastOnlineAt } = sightings;
      if (kind === zoneKinds.deflated) {
        flush(place);
        const instants = new Float64Array([
          firstSeenAt,
          lastSeenAt ?? Number.NaN,
          lastOnlineAt ?? Number.NaN,
        ]);
        const bytes = Buffer.concat([new Uint8Array(instants.buffer), own]);
        blocks.push({ firstPlace: place, bytes: ofKind(kinds.single, bytes) });
        firstPlace = place + 1;
        return;
      }
      const head = `[${firstSeenAt},${lastSeenAt},${lastOnlineAt},`;
      const length = head.length + own.length + 2;
      if (used + length > blockTextBytes) flush(place);
      if (length > lines.length) lines = Buffer.allocUnsafeSlow(2 * length);
      used += lines.write(head, used, 'latin1');
      lines.set(own, used);
      used += own.length;
      used += lines.write(']\n', used, 'latin1');
    },
    finished(name) {
      flush(places);
      return writeCompanion(name, places, blocks);
    },
  };
}

const level = 1;
const deflated = (text: Uint8Array): Buffer =>
  deflateRawSync(text, { level, chunkSize: Math.max(constants.Z_MIN_CHUNK, text.length >>> 1) });

function ofKind(kind: number, bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(1 + bytes.length);
  block[0] = kind;
  block.set(bytes, 1);
  return block;
}

/** Takes the events of a segment one by one. */
export interface MarkEncoder {
  /** The next event by place. */
  add(event: Pick<SliceEvent, 'zonesHash' | 'sightings'>): void;
  finished(): Uint8Array;
}

/** 16 bytes that differ when companions do, except in when events were first seen: they are part of the segment. */
export function createMarkEncoder(): MarkEncoder {
  const hash = createHash('sha256');
  let text = '';
  return {
    add({ zonesHash, sightings }) {
      text += `${zonesHash} ${sightings.lastSeenAt ?? ''} ${sightings.lastOnlineAt ?? ''}\n`;
      if (text.length < hashedAtOnce) return;
      hash.update(text);
      text = '';
    },
    finished: () => hash.update(text).digest().subarray(0, markBytes),
  };
}

/** A text of many events is hashed in a fraction of the time that one of each takes. */
const hashedAtOnce = 8192;
export const markBytes = 16;
