// Every error of the public port: the enumeration of its codes, with status and meaning. The contract and the documentation page
// are made from it.

import { accessErrors } from './access-errors.ts';

export interface PublicError {
  readonly status: number;
  /** When it is answered, as a clause. */
  readonly when: string;
  /** A message as it may read. */
  readonly example: string;
}

const invalid = (when: string, example: string): PublicError => ({ status: 400, when, example });

export const errors = {
  ...accessErrors,
  instant_unreadable: invalid(
    'a bound has none of the forms of an instant, or is empty',
    'starts_at: Got "yesterday", expected an instant in one of the forms 2021-07-21T17:32:28Z, 2021-07-21.',
  ),
  date_impossible: invalid(
    'a date is not in the calendar, such as 31 September',
    'starts_at: Got "2021-09-31", expected a day that exists in the calendar.',
  ),
  time_impossible: invalid(
    'a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00',
    'ends_at: Got "2021-07-21T17:32:28+24:00", expected an offset from -23:59 to +23:59.',
  ),
  parameter_repeated: invalid(
    'a parameter is given twice',
    'starts_at is given more than once, expected at most one.',
  ),
  parameter_unknown: invalid(
    'a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one',
    'Got the parameter "start_at", expected starts_at or ends_at. Did you mean starts_at?',
  ),
  parameter_invalid: invalid(
    'a value is none of those that the parameter takes',
    'limit: Got "0", expected a whole number from 1 to 1000.',
  ),
  field_unknown: invalid(
    'fields names something else than a field',
    'fields: Got "titel", expected some of id, title, start_date. Did you mean title?',
  ),
  range_reversed: invalid(
    'starts_at lies after ends_at, or min_price above max_price',
    'Got starts_at after ends_at, expected starts_at at or before ends_at.',
  ),
  escape_invalid: invalid(
    'the percent-escapes of a parameter are not valid UTF-8',
    'starts_at: the percent-escapes are not valid UTF-8.',
  ),
  bound_missing: invalid(
    'match=contains comes without both bounds',
    'Got match=contains with an open range, expected starts_at and ends_at.',
  ),
  paging_mixed: invalid(
    'both kinds of paging come at once, or paging of lines or of the live form',
    'Got page or page_size with limit or cursor, expected only one of these pairs.',
  ),
  page_too_deep: invalid(
    'a page by number ends beyond row 10,000 in another order than by start',
    'Got a page that ends at row 10050, expected at most 10000 with this sort_by; limit and cursor go further.',
  ),
  too_many_buckets: invalid(
    'a histogram has more than 2000 buckets',
    'Got a range with more than 2000 buckets of interval=hour, expected a shorter range or a longer interval.',
  ),
  cursor_invalid: invalid(
    'the cursor is damaged',
    'Got a cursor that is damaged, expected one from an earlier answer.',
  ),
  cursor_mismatch: invalid(
    'the cursor comes from a query with other filters or another order',
    'Got a cursor of another query, expected the same filters, sort_by and sort_dir as in the answer that it comes from.',
  ),
  id_invalid: invalid(
    'the id of an event is not a UUID',
    'Got the id "1642", expected a UUID like 8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11.',
  ),
  as_of_future: invalid(
    'as_of is a version that is not published yet, or an instant in the future',
    'as_of: Got version 43, expected at most 42.',
  ),
  body_invalid: invalid(
    'the body is not JSON, or not of the form that is expected',
    'Got another body, expected {"ids":["…"]} with 1 to 500 ids.',
  ),
  token_invalid: invalid(
    'since is neither a change token nor the word now',
    'Got a change token that is damaged, expected one from an earlier answer.',
  ),
  token_mismatch: invalid(
    'the change token comes from a request with another provider',
    'Got a change token of another provider, expected the same provider as in the answer that it comes from.',
  ),
  bad_request: invalid(
    'the request is not valid HTTP/1.x, or has no Host or two',
    'Got no Host header, expected one.',
  ),
  body_unexpected: invalid(
    'the request has a body, and its method takes none',
    'Got a body with GET, expected none.',
  ),
  not_found: {
    status: 404,
    when: 'nothing is at this path',
    example: 'Got the path /venues, expected /search, /events or /changes; /docs describes them.',
  },
  event_unknown: {
    status: 404,
    when: 'no event has this id',
    example: 'No event has the id 8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11.',
  },
  method_not_allowed: {
    status: 405,
    when: 'the method is one that this path does not have',
    example: 'Got POST, expected GET or HEAD.',
  },
  request_timeout: {
    status: 408,
    when: 'the request did not arrive in time: 10 s for its headers, 15 s for all of it',
    example: 'The request did not arrive in time.',
  },
  cursor_expired: {
    status: 410,
    when: 'the version of the catalogue that the cursor continues is no longer kept, or the cursor is of an earlier release',
    example:
      'The version of the catalogue that this cursor continues is no longer kept; begin again without a cursor.',
  },
  version_expired: {
    status: 410,
    when: 'the version of as_of is no longer kept',
    example: 'Version 7 of the catalogue is no longer kept; ask for an instant.',
  },
  resync_required: {
    status: 410,
    when: 'the changes since the token are no longer known on this host, or it is of another catalogue',
    example:
      'The changes since this token are no longer known; request /changes without since, and replace your copy by what it returns.',
  },
  precondition_failed: {
    status: 412,
    when: 'If-Match does not name the ETag of the answer',
    example: 'Got an If-Match that does not name the current ETag, expected "4-AbCdEfGhIjKlMnOp".',
  },
  body_too_large: {
    status: 413,
    when: 'the body has more than 65,536 bytes',
    example: 'Got a body of 70000 bytes, expected at most 65536.',
  },
  uri_too_long: {
    status: 414,
    when: 'the URL has more than 2048 characters',
    example: 'Got a URL of 2049 characters, expected at most 2048.',
  },
  media_type_unsupported: {
    status: 415,
    when: 'the body is not application/json, or is compressed',
    example: 'Got a body of the type "text/plain", expected application/json.',
  },
  expectation_failed: {
    status: 417,
    when: 'Expect asks for something other than 100-continue',
    example: 'Got the expectation 200-ok, expected 100-continue.',
  },
  headers_too_large: {
    status: 431,
    when: 'the headers have more than 16 KB',
    example: 'Got larger headers, expected at most 16384 bytes.',
  },
  internal: { status: 500, when: 'Marquee has a fault', example: 'The search failed.' },
  method_unknown: {
    status: 501,
    when: 'the method is not a method of HTTP, or is CONNECT',
    example: 'Got the method FETCH, expected GET or HEAD.',
  },
  busy: {
    status: 503,
    when: 'the worker is overloaded, and this connection has used its share',
    example: 'Too many requests; try again in a second.',
  },
  details_unavailable: {
    status: 503,
    when: 'the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds',
    example: 'The catalogue was published by an earlier version; it is available once it is published again.',
  },
  archive_unavailable: {
    status: 503,
    when: 'the archive, which has the history of events, cannot be read on this host at present',
    example: 'The archive, which has the history of events, cannot be read on this host at present.',
  },
  zones_unavailable: {
    status: 503,
    when: 'zones and instants of sight cannot be read: the snapshot store does not answer, or a first load still runs',
    example:
      'The snapshot store, which has the zones of this event, cannot be read at present; fields without zones and instants of sight are available.',
  },
  too_many_listeners: {
    status: 503,
    when: 'the worker has `LISTENERS_MAX` live listeners, or is about to stop',
    example: 'This worker has no room for another listener; connect again in some seconds, or request pages.',
  },
  version_unavailable: {
    status: 503,
    when: 'the snapshot store, which may have the version of the cursor, the change token or as_of, or the archive, which has the changes since, does not answer',
    example: 'The version that this cursor continues cannot be read at present.',
  },
  http_version_unsupported: {
    status: 505,
    when: 'the request is not HTTP/1.0 or HTTP/1.1',
    example: 'Got HTTP/2.0, expected HTTP/1.0 or HTTP/1.1.',
  },
} as const satisfies Readonly<Record<string, PublicError>>;

export type ErrorCode = keyof typeof errors;

export const errorCodes = Object.keys(errors) as ErrorCode[];

/** What any request may be answered with, whatever its path. */
export const commonErrors = [
  'bad_request',
  'body_unexpected',
  'method_not_allowed',
  'request_timeout',
  'uri_too_long',
  'expectation_failed',
  'rate_limited',
  'headers_too_large',
  'internal',
  'method_unknown',
  'busy',
  'http_version_unsupported',
] as const satisfies readonly ErrorCode[];
