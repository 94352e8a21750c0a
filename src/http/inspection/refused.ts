// A question of an operator that was refused: ingest says why, and the status of the answer follows from the code.

import type { InspectionRefusal } from '#/domain/inspection.ts';

export class RequestRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const refusalStatus: Readonly<Record<InspectionRefusal, number>> = {
  version_unknown: 404,
  event_unknown: 404,
  body_not_kept: 404,
  place_not_found: 404,
  cursor_invalid: 400,
  diff_too_large: 422,
  snapshot_unreadable: 503,
  archive_unavailable: 503,
};

export const statusOf = (code: string): number => refusalStatus[code as InspectionRefusal] ?? 503;
