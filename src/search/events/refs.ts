// A reference to one event of an edition, as one number: the index of its segment and its place there.

const places = 2 ** 32;

export const refOf = (segment: number, place: number): number => segment * places + place;
export const segmentOf = (ref: number): number => Math.floor(ref / places);
/** The low 32 bits: the remainder of a division takes ten times as long. */
export const placeOf = (ref: number): number => ref >>> 0;
