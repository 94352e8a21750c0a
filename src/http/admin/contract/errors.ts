// Every error of the admin port: the codes that it shares with the public port, and its own.

import { scopeErrors } from '#/http/contract/access-errors.ts';
import { errors, type PublicError } from '#/http/contract/errors.ts';

const {
  credential_missing,
  credential_invalid,
  credential_unverifiable,
  scope_missing,
  bad_request,
  body_unexpected,
  not_found,
  method_not_allowed,
  request_timeout,
  uri_too_long,
  expectation_failed,
  headers_too_large,
  method_unknown,
  http_version_unsupported,
  instant_unreadable,
  date_impossible,
  time_impossible,
  parameter_repeated,
  escape_invalid,
} = errors;

export const adminErrors = {
  credential_missing,
  credential_invalid,
  credential_unverifiable,
  scope_missing: { ...scope_missing, example: 'Got a credential without the scope admin, expected it.' },
  origin_refused: {
    status: 403,
    when: 'a web page of another origin sends a request that changes something',
    example: 'Got a request of a web page of another origin, expected one of a program or of the console.',
  },
  bad_request,
  body_unexpected,
  limit_invalid: {
    status: 400,
    when: '`limit` is not a whole number from 1 to 1000',
    example: 'Got limit "0", expected a whole number from 1 to 1000.',
  },
  version_invalid: {
    status: 400,
    when: 'a version is not a whole number from 1',
    example: 'Got version x, expected a whole number from 1.',
  },
  instant_unreadable,
  date_impossible,
  time_impossible,
  parameter_repeated,
  escape_invalid,
  range_reversed: {
    ...errors.range_reversed,
    when: 'starts_at lies after ends_at',
  },
  parameter_invalid: {
    status: 400,
    when: 'a parameter has a value that it does not take, is missing, or is not one of the operation',
    example: 'Got id "1642", expected a UUID.',
  },
  cursor_invalid: {
    status: 400,
    when: 'a cursor is not one of this comparison',
    example: 'Got a cursor of other versions, expected one that this diff returned.',
  },
  configuration_invalid: {
    status: 400,
    when: 'the configuration has faults; the message has all of them, and the old configuration stays',
    example:
      'The configuration is not valid, the old configuration stays: API_WORKERS: got "x", expected a whole number.',
  },
  not_found,
  provider_unknown: {
    status: 404,
    when: 'the configuration has no provider of this name',
    example: 'Got the provider south, expected one of: north.',
  },
  version_unknown: {
    status: 404,
    when: 'the version is not among those that are kept',
    example: 'Got version 7, expected one of those that are kept: 42, 41.',
  },
  event_unknown: {
    status: 404,
    when: 'the archive of this host has no event with this id',
    example: 'This archive has no event 8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11.',
  },
  process_unknown: {
    status: 404,
    when: 'this host has no process in this slot',
    example: 'Got slot 7, expected 0, 1 or ingest.',
  },
  body_not_kept: {
    status: 404,
    when: 'this host no longer has the feed that the run read',
    example:
      'This host has no kept body of north up to run 3; FEED_BODIES_MEGABYTES limits how many are kept.',
  },
  place_not_found: {
    status: 404,
    when: 'the kept feed has fewer lines',
    example: 'Got line 900, expected one of the kept body.',
  },
  method_not_allowed: { ...method_not_allowed, example: 'Got POST, expected GET or HEAD.' },
  request_timeout: {
    ...request_timeout,
    when: 'the request did not arrive in time: 5 s for its headers, 30 s for all of it',
  },
  nothing_held: {
    status: 409,
    when: 'nothing that an operator could approve is held on this host',
    example: 'Nothing of north is held.',
  },
  not_leading: {
    status: 409,
    when: 'only the host that leads can do this; the message names it',
    example:
      'Only the host that leads can run north. This one does not lead; the host alpha (10.0.0.7:9000) does.',
  },
  run_active: {
    status: 409,
    when: 'a run of the provider has not ended',
    example: 'A run of north has not ended; try again when it has.',
  },
  reload_busy: {
    status: 409,
    when: 'another reload runs, or the system is stopping',
    example: 'Another reload runs, or the system is stopping.',
  },
  profile_busy: {
    status: 409,
    when: 'a profile of the same process has not ended',
    example: 'A profile of slot 0 has not ended; try again when it has.',
  },
  uri_too_long: { ...uri_too_long, when: 'the first line of the request has more than 16 KB' },
  expectation_failed,
  headers_too_large,
  diff_too_large: {
    status: 422,
    when: 'the segments that differ have more events than ingest compares',
    example: 'Got 2000000 events in segments that differ, expected at most 1500000.',
  },
  internal: { status: 500, when: 'Marquee has a fault', example: 'The request failed.' },
  reload_aborted: {
    status: 500,
    when: 'a successor of a process did not become ready; the old configuration stays',
    example:
      'The reload was rolled back, the old configuration stays: API worker 0 did not become ready: exit code 1',
  },
  method_unknown,
  ingest_unavailable: {
    status: 503,
    when: 'ingest does not run, does not answer within 3 s, or cannot do it; the message has the reason',
    example: 'The ingest actor did not answer within 3000 ms.',
  },
  profile_failed: {
    status: 503,
    when: 'the process is not ready, was replaced meanwhile, or could not write the profile',
    example: 'The process of slot 0 is not ready.',
  },
  snapshot_unreadable: {
    status: 503,
    when: 'a part of the version is missing or damaged, or the snapshot store does not answer',
    example: 'Got no segment, expected one of 39000 bytes.',
  },
  archive_unavailable: {
    status: 503,
    when: 'the archive of this host cannot be read, or does not answer in time',
    example: 'The archive did not answer within 15000 ms.',
  },
  http_version_unsupported,
} as const satisfies Readonly<Record<string, PublicError>>;

export type AdminErrorCode = keyof typeof adminErrors;

/** What any request may be answered with, whatever its path. */
export const commonAdminErrors = [
  'bad_request',
  'body_unexpected',
  'method_not_allowed',
  'request_timeout',
  'uri_too_long',
  'expectation_failed',
  'headers_too_large',
  'internal',
  'method_unknown',
  'http_version_unsupported',
] as const satisfies readonly AdminErrorCode[];

/** What every operation that needs a credential may be answered with. */
export const adminScopeErrors = scopeErrors satisfies readonly AdminErrorCode[];

/** What every operation that changes something may be answered with. */
export const actionErrors = ['origin_refused'] as const satisfies readonly AdminErrorCode[];
