// Reads the event at one place of a segment: the brief events by their ordinal, then the long ones.

import type { Layer, Segment } from './segment.ts';

/** Where the id is in an event's text. */
export const idAt = ',{"id":"'.length;
export const idLength = 36;
/** Where the opening quote of the title is in an event's text. */
const titleAt = idAt + idLength + '","title":'.length;
const [quote, backslash] = [34, 92];

export const layerOf = ({ brief, long }: Segment, place: number): Layer =>
  place < brief.events ? brief : long;

export const ordinalOf = ({ brief }: Segment, place: number): number =>
  place < brief.events ? place : place - brief.events;

export const startOf = (segment: Segment, place: number): number =>
  layerOf(segment, place).starts[ordinalOf(segment, place)] as number;

export const endOf = (segment: Segment, place: number): number =>
  layerOf(segment, place).ends[ordinalOf(segment, place)] as number;

export function idOfPlace(segment: Segment, place: number): string {
  const { text, textAt } = layerOf(segment, place);
  const from = (textAt[ordinalOf(segment, place)] as number) + idAt;
  return text.toString('latin1', from, from + idLength);
}

export function titleOfPlace(segment: Segment, place: number): string {
  const { text, textAt } = layerOf(segment, place);
  const from = (textAt[ordinalOf(segment, place)] as number) + titleAt;
  let to = from + 1;
  let isEscaped = false;
  for (; text[to] !== quote; to++) {
    if (text[to] !== backslash) continue;
    isEscaped = true;
    to++;
  }
  return isEscaped
    ? (JSON.parse(text.toString('utf8', from, to + 1)) as string)
    : text.toString('utf8', from + 1, to);
}
