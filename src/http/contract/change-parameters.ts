// The parameters of /changes.

import * as z from 'zod';
import { changesDefault, changesMax } from '#/search/changes/limits.ts';
import { listQuery, whole } from './event-parameters.ts';

export const changesQuery = z.object({
  // No example: a token belongs to a catalogue.
  since: z.string().optional().meta({
    description:
      'The `token` of the answer before, or `now` for what changes from now on. If it is absent, the changes begin with the empty catalogue: every event is `new`.',
  }),
  provider: listQuery.shape.provider,
  limit: whole(changesMax, `Changes on a page, ${changesDefault} if it is absent.`, 20),
});
