// A reference to one event of an edition, as one number: the index of its segment and its place there.

const places = 2 ** 32;

export const refOf = (segment: number, place: number): number => segment * places + place;
export const segmentOf = (ref: number): number => Math.floor(ref / places);
export const placeOf = (ref: number): number => ref % places;
