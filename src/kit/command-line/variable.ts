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
export const flag = z
  .stringbool({ truthy: ['true'], falsy: ['false'], error: 'expected true or false' })
  .default(false);
export const port = (fallback: number) => count(0, 65_535).default(fallback);
export const text = (fallback: string) => z.string().min(1).default(fallback);

const originsMax = 100;
const expectedOrigins = `expected * or at most ${originsMax} origins such as https://shop.example or http://localhost:3000, separated by commas`;

/** `*`, or origins of web pages separated by commas. */
export const origins = z.string().transform((given, context): '*' | readonly string[] => {
  if (given.trim() === '*') return '*';
  const parts = given.split(',').map((part) => part.trim());
  const read = parts.flatMap((part) => originOf(part) ?? []);
  if (read.length === parts.length && read.length <= originsMax) return read;
  // By number: the text may contain a password.
  const wrong = parts.findIndex((part) => originOf(part) === null) + 1;
  const why = wrong === 0 ? `there are ${parts.length}` : `number ${wrong} is not an origin`;
  context.addIssue({ code: 'custom', message: `${expectedOrigins}: ${why}` });
  return z.NEVER;
});

/** As browsers send it: lower case, without a default port. Null when the text has more than scheme, host and port. */
function originOf(given: string): string | null {
  const url = /^https?:\/\/[^\s*/?#@]+$/i.test(given) ? URL.parse(given) : null;
  return url?.origin ?? null;
}
