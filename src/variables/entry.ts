// One environment variable: its schema, type and unit, default and purpose. The groups of variables are made of these.

import type * as z from 'zod';

export interface Entry<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly type: string;
  readonly default: string;
  readonly about: string;
  /** Its value may be or contain a secret: it may also come from the file that `NAME_FILE` names. */
  readonly isSecret: boolean;
}

export const entry = <Schema extends z.ZodType>(
  schema: Schema,
  type: string,
  fallback: string,
  about: string,
): Entry<Schema> => ({ schema, type, default: fallback, about, isSecret: false });

/** A variable with a secret. */
export const secret = <Schema extends z.ZodType>(
  schema: Schema,
  type: string,
  fallback: string,
  about: string,
): Entry<Schema> => ({ schema, type, default: fallback, about, isSecret: true });
