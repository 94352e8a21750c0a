// What `/events` answers when it cannot list, other than refusals of the query.

import type { Refusal } from '#/domain/refusal.ts';

export interface Failure {
  readonly status: number;
  readonly refusal: Refusal;
}

export const gone: Failure = {
  status: 410,
  refusal: {
    code: 'cursor_expired',
    message:
      'The version of the catalogue that this cursor continues is no longer kept; begin again without a cursor.',
  },
};
/** A cursor that another release wrote is answered like one whose version has gone: its walk begins again. */
export const refusedCursor = (refusal: Refusal): Failure | Refusal =>
  refusal.code === gone.refusal.code ? { ...gone, refusal } : refusal;

export const broken: Failure = {
  status: 500,
  refusal: { code: 'internal', message: 'The search failed.' },
};

export const unavailable: Failure = {
  status: 503,
  refusal: {
    code: 'version_unavailable',
    message: 'The version that this cursor continues cannot be read at present.',
  },
};
