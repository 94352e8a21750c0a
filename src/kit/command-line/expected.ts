// What a setting must be, in words: used for environment variables and for fields of configuration files.

import { didYouMean } from './nearest.ts';

export const expectedUrl = 'expected http://… or https://…';

export const expectedNumber = (least: number, most: number, isWhole = false): string =>
  `expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`;

/** `a, b or c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** Suggests the name nearest to `given`. */
export const expectedOneOf = (names: readonly string[], given: unknown): string =>
  `expected ${listed(names)}.${didYouMean(String(given), names)}`;
