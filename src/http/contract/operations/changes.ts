import * as z from 'zod';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { changesQuery } from '#/http/contract/change-parameters.ts';
import { streamType } from '#/telemetry/live/stream.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { answered } from '#/http/contract/schemas.ts';
import { changeKinds } from '#/search/changes/kinds.ts';
import { changesDefault, changesMax } from '#/search/changes/limits.ts';
import { detailsExample, eventDetails } from '#/http/contract/event-schemas.ts';

const change = z
  .object({
    change: z.enum(changeKinds).meta({
      description:
        'What happened, the first that applies: `new` in the catalogue; `removed` from it; `withdrawn` by its feed, or `back` in it; `offline` or `online` by its sell mode; `changed` otherwise.',
    }),
    id: z.uuid().meta({ description: 'The event.' }),
    event: eventDetails.nullable().meta({ description: 'Its latest state; null when it was removed.' }),
  })
  .meta({ id: 'Change' });

const changesPage = z
  .object({
    changes: z.array(change).meta({ description: 'One per event; may be empty.' }),
    token: z.string().meta({ description: 'The `since` of the next request.' }),
    token_seconds: z.int().nonnegative().nullable().meta({
      description:
        'How long the token is valid at least, as long as the catalogue changes as it does now; null when without limit.',
    }),
    has_more: z
      .boolean()
      .meta({ description: 'Whether more changes are known already. If so, ask at once.' }),
  })
  .meta({ id: 'ChangesPage' });

const token = 'AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R';
const dataExample = {
  changes: [{ change: 'new' as const, id: detailsExample.id, event: detailsExample }],
  token,
  token_seconds: null,
  has_more: false,
};

export const listChanges = {
  ...routes.listChanges,
  tag: 'Changes',
  summary: 'Lists what has changed since a token',
  description: `Each answer has the token for the next request, also an empty one. A client that applies each change to its copy by \`id\` has the catalogue of that version once \`has_more\` is false. A page has each event once, in its latest state, and ${changesDefault} changes by default, at most ${changesMax}. Any host continues from the token of another. A token that cannot be continued is a 410 \`resync_required\`: begin again without \`since\`, and drop what the pages until \`has_more\` is false do not have.

Ask for \`${streamType}\` to stay connected and receive changes as they come, as server-sent events. Without \`since\` they begin with what changes from now on. \`Last-Event-ID\` takes the place of \`since\`, so that an \`EventSource\` continues where it was cut off. \`limit\` has no meaning there and is refused.`,
  query: changesQuery,
  answers: {
    200: {
      description: 'The changes; the list may be empty. A stream has no `ETag`.',
      headers: ['ETag?', 'Cache-Control', catalogueHeader, 'Content-Encoding', 'X-Accel-Buffering?'],
      content: {
        'application/json': {
          schema: answered(changesPage).meta({ id: 'Changes' }),
          example: { data: dataExample, error: null },
        },
        [streamType]: {
          schema: z.string().meta({
            description:
              'Messages whose `data` is that of a page, without end. The `id` of each is its token. Comments keep the connection open. A message `resync_required` comes before the end when the listener was too slow for the versions that are kept.',
          }),
          example: `retry: 2000\n\nid: ${token}\ndata: ${JSON.stringify(dataExample)}\n\n`,
        },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the page is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [
    'parameter_repeated',
    'parameter_unknown',
    'parameter_invalid',
    'escape_invalid',
    'paging_mixed',
    'token_invalid',
    'token_mismatch',
    'resync_required',
    'precondition_failed',
    'details_unavailable',
    'version_unavailable',
    'too_many_listeners',
  ],
} as const satisfies Operation;
