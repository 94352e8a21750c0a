// Encodes the companion of a segment from the zones as the archive stores them. Short texts are deflated together; a long one is
// deflated in the archive already, and stays as it is.

import { hash } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import type { SliceEvent } from '#/domain/packed/slice.ts';
import { zoneKinds, zonesAt, type PackedZones } from '#/domain/packed/zone-bytes.ts';
import { splitLayers } from '#/snapshot/layers.ts';
import { kinds, writeCompanion, type Block } from './format.ts';

/** Of the text of a block, unless one event has more: reading an event inflates all of its block. */
const blockTextBytes = 8192;
const nulled = Buffer.from('null');

/** `events`: as `unpackSlice` gives them. `name`: of their segment. */
export function encodeCompanion(name: string, events: readonly SliceEvent[], zones: PackedZones): Uint8Array {
  const { brief, long } = splitLayers(events);
  const byPlace = [...brief, ...long];
  const blocks: Block[] = [];
  let lines = Buffer.allocUnsafeSlow(4 * blockTextBytes);
  let [used, firstPlace] = [0, 0];

  function flush(nextPlace: number): void {
    if (used > 0) blocks.push({ firstPlace, bytes: ofKind(kinds.lines, deflated(lines.subarray(0, used))) });
    [used, firstPlace] = [0, nextPlace];
  }

  for (const [place, { row, sightings }] of byPlace.entries()) {
    const kind = zones.kinds[row];
    const own = kind === zoneKinds.none ? nulled : zonesAt(zones, row);
    const { firstSeenAt, lastSeenAt, lastOnlineAt } = sightings;
    if (kind === zoneKinds.deflated) {
      flush(place);
      const instants = new Float64Array([firstSeenAt, lastSeenAt ?? Number.NaN, lastOnlineAt ?? Number.NaN]);
      const bytes = Buffer.concat([new Uint8Array(instants.buffer), own]);
      blocks.push({ firstPlace: place, bytes: ofKind(kinds.single, bytes) });
      firstPlace = place + 1;
      continue;
    }
    const head = `[${firstSeenAt},${lastSeenAt},${lastOnlineAt},`;
    const length = head.length + own.length + 2;
    if (used + length > blockTextBytes) flush(place);
    if (length > lines.length) lines = Buffer.allocUnsafeSlow(2 * length);
    used += lines.write(head, used, 'latin1');
    lines.set(own, used);
    used += own.length;
    used += lines.write(']\n', used, 'latin1');
  }
  flush(byPlace.length);
  return writeCompanion(name, byPlace.length, blocks);
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

/** 16 bytes that differ when companions do, except in when events were first seen: they are part of the segment. */
export function markOf(events: readonly SliceEvent[]): Uint8Array {
  let text = '';
  for (const { zonesHash, sightings } of events)
    text += `${zonesHash} ${sightings.lastSeenAt ?? ''} ${sightings.lastOnlineAt ?? ''}\n`;
  return hash('sha256', text, 'buffer').subarray(0, markBytes);
}

export const markBytes = 16;
