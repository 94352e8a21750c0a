// What requests for single events are answered when it is not an event.

import { refuse } from '#/domain/refusal.ts';
import type { Failure } from '#/http/events/failures.ts';

export const unknownEvent = (id: string): Failure => ({
  status: 404,
  refusal: refuse('event_unknown', `No event has the id ${id}.`),
});

export const noDetails: Failure = {
  status: 503,
  refusal: refuse(
    'details_unavailable',
    'The catalogue was published by an earlier version; it is available once it is published again.',
  ),
};

export const noCompanion: Failure = {
  status: 503,
  refusal: refuse(
    'zones_unavailable',
    'The snapshot store, which has the zones of this event, cannot be read at present; fields without zones and instants of sight are available.',
  ),
};

export const versionGone = (version: number): Failure => ({
  status: 410,
  refusal: refuse(
    'version_expired',
    `Version ${version} of the catalogue is no longer kept; ask for an instant.`,
  ),
});

export const versionAway: Failure = {
  status: 503,
  refusal: refuse('version_unavailable', 'The version of as_of cannot be read at present.'),
};

export const archiveAway: Failure = {
  status: 503,
  refusal: refuse(
    'archive_unavailable',
    'The archive, which has the history of events, cannot be read on this host at present.',
  ),
};
