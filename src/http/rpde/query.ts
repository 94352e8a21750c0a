// Parses the raw query string of `/rpde/events`, or says why it is refused.

import type * as z from 'zod';
import type { Refusal } from '#/domain/refusal.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import { rpdeQuery } from '#/http/contract/operations/rpde-parameters.ts';

export type RpdeQuery = z.output<typeof rpdeQuery>;

export const parseRpdeQuery = (search: string): RpdeQuery | Refusal =>
  readQuery(rpdeQuery, search, 'parameter_invalid');
