// Schemas for environment variables, which are strings: numbers within limits, one of several names, URLs.

import * as z from 'zod';
import { expectedNumber, expectedOneOf, expectedUrl } from './expected.ts';

const numeric = (least: number, most: number, isWhole: boolean) =>
  z
    .string()
    .refine(
      (given) => {
        const value = given.trim() === '' ? Number.NaN : Number(given);
        return value >= least && value <= most && (!isWhole || Number.isInteger(value));
      },
      expectedNumber(least, most, isWhole),
    )
    .transform(Number);
export const number = (least: number, most: number) => numeric(least, most, false);
export const count = (least: number, most: number) => numeric(least, most, true);
export const httpUrl = z.url({ protocol: /^https?$/, error: expectedUrl }).optional();
export const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, { error: ({ input }) => expectedOneOf(names, input) });
export const port = (fallback: number) => count(0, 65_535).default(fallback);
export const text = (fallback: string) => z.string().min(1).default(fallback);
