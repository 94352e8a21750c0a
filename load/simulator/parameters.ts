// Reads parameters: text from a query, values from JSON. An error names each parameter that is not valid.

import { z } from 'zod';
import type { WholeLimits } from './recipe.ts';
import { Refused } from './refused.ts';

/** A whole number; in a query, a string of digits. */
export const whole = (limits: WholeLimits) => z.exactOptional(wholeNumber(limits));

/** A whole number, or the word `auto`. */
export function wholeOrAuto(limits: WholeLimits) {
  const wanted = `${wantedOf(limits)}, or auto`;
  return z.exactOptional(z.union([z.literal('auto'), wholeNumber(limits)], wanted));
}

function wholeNumber(limits: WholeLimits) {
  const wanted = wantedOf(limits);
  return z.preprocess(fromDigits, z.int(wanted).min(limits.min, wanted).max(limits.max, wanted));
}

const wantedOf = ({ min, max }: WholeLimits): string => `a whole number from ${min} to ${max}`;

function fromDigits(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

/** From 0 to 1, written like `0.05`. */
export function share() {
  const wanted = 'a share from 0 to 1, like 0.05';
  return z.exactOptional(
    z
      .string(wanted)
      .regex(/^(?:0|1|0?\.\d{1,9})$/, wanted)
      .transform(Number),
  );
}

export function choice<const T extends readonly string[]>(...choices: T) {
  return z.exactOptional(z.enum(choices, choices.join(' or ')));
}

export const text = () => z.exactOptional(z.string('a text'));

/** `1` or `0`. */
export const flag = () => z.exactOptional(z.enum(['0', '1'], '0 or 1').transform((value) => value === '1'));

/** The `fields` that are present; ignores other names. Throws Refused (400) with every fault. */
export function readFields<F extends z.core.$ZodLooseShape>(fields: F, given: object) {
  const read = z.object(fields, 'a JSON object').safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path: [name], message }) => {
    const saw = name === undefined ? given : (given as Record<PropertyKey, unknown>)[name];
    return `Got ${String(name ?? 'body')} ${shown(saw)}, expected ${message}.`;
  });
  throw new Refused(400, faults.join(' '));
}

/** Throws Refused (400) for a name that is in none of the groups: a typing error must not be ignored. */
export function expectOnly(given: object, ...groups: readonly object[]): void {
  const known = groups.flatMap((group) => Object.keys(group));
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Refused(400, `Got ${unknown.map(shown).join(', ')}, expected only ${known.join(', ')}.`);
}

/** A query as names and values. Throws Refused (400) for a name that occurs twice, which is ambiguous. */
export function queryFields(query: URLSearchParams): Record<string, string> {
  const names = [...query.keys()];
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Refused(400, `Got ${shown(twice)} more than once, expected it once.`);
  return Object.fromEntries(query);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
