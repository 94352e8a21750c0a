// What a setting must be, in words: the same for a variable of the environment and for a field of a file.

import { didYouMean } from './nearest.ts';

export const expectedUrl = 'expected http://… or https://…';

export const expectedNumber = (least: number, most: number, isWhole = false): string =>
  `expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`;

/** With the nearest of `names` to what was given. */
export const expectedOneOf = (names: readonly string[], given: unknown): string =>
  `expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.${didYouMean(String(given), names)}`;
