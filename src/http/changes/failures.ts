// What `/changes` answers when it has no changes to return, other than refusals of the query.

import type { NoChanges } from '#/search/changes/reader.ts';

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const failures: Readonly<
  Record<NoChanges | 'unavailable' | 'crowded' | 'refused' | 'broken', Failure>
> = {
  gone: {
    status: 410,
    code: 'resync_required',
    message:
      'The changes since this token are no longer known; request /changes without since, and replace your copy by what it returns.',
  },
  undetailed: {
    status: 503,
    code: 'details_unavailable',
    message: 'The catalogue was published by an earlier version; it is available once it is published again.',
  },
  busy: { status: 503, code: 'busy', message: 'Too many requests; try again in a second.' },
  unavailable: {
    status: 503,
    code: 'version_unavailable',
    message: 'The version that this token continues cannot be read at present.',
  },
  crowded: {
    status: 503,
    code: 'too_many_listeners',
    message: 'This worker has no room for another listener; connect again in some seconds, or request pages.',
  },
  refused: {
    status: 401,
    code: 'credential_invalid',
    message: 'The credential of this stream is no longer valid.',
  },
  broken: { status: 500, code: 'internal', message: 'The changes could not be read.' },
};
