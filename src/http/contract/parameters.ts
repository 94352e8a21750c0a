// Reads the query of a request by the schema of its operation: the same schema as in the contract.

import * as z from 'zod';
import { instantForms, instantPattern } from '#/domain/time/instant.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { expectedOneOf } from '#/kit/command-line/expected.ts';

/** The text of an instant. Only the form is in the contract: `parseInstant` finds what is impossible. */
export const instantText = z.string().meta({ override: { pattern: instantPattern } });

/** The forms of an instant, in Markdown. */
export const instantProse = `Forms: ${instantForms.map((form) => form.replaceAll(/(\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|\+\d\d:\d\d)?)?)/g, '`$1`')).join(', ')}. Up to nine decimals are compared exactly.`;

/**
 * The values of the parameters, or the first fault. `sent` is the part of the URL after `?`. A parameter may be given once.
 * Unknown parameters are refused by name, unless `ignoresUnknown`. A fault that the schema finds has the code of its issue's
 * `params`, or `fallback`.
 */
export function readQuery<Schema extends z.ZodObject>(
  schema: Schema,
  sent: string,
  fallback: string,
  ignoresUnknown = false,
): z.output<Schema> | Refusal {
  const known = Object.keys(schema.shape);
  const given: Record<string, string> = {};
  for (const pair of sent.split('&')) {
    const [sentName = ''] = pair.split('=', 1);
    if (sentName === '') continue;
    const name = unescaped(sentName) ?? sentName;
    if (!known.includes(name)) {
      if (ignoresUnknown) continue;
      const expected = expectedOneOf(known, name);
      return refuse('parameter_unknown', `Got the parameter ${shown(name)}, ${expected}`);
    }
    const value = unescaped(pair.slice(sentName.length + 1));
    if (value === undefined)
      return refuse('escape_invalid', `${name}: the percent-escapes are not valid UTF-8.`);
    if (Object.hasOwn(given, name))
      return refuse('parameter_repeated', `${name} is given more than once, expected at most one.`);
    given[name] = value;
  }
  const read = schema.safeParse(given);
  return read.success ? read.data : refusalOf(read.error, fallback);
}

function refusalOf({ issues: [issue] }: z.ZodError, fallback: string): Refusal {
  const params = issue?.code === 'custom' ? issue.params : undefined;
  const code = typeof params?.['code'] === 'string' ? params['code'] : fallback;
  const at = issue?.path.join('.') ?? '';
  return refuse(code, at === '' ? `${issue?.message}` : `${at}: ${issue?.message}`);
}

/** A literal `+` stays a plus, as in /search. */
function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
