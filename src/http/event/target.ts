// What a URL of single events asks for.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';

export interface Target {
  readonly kind: 'event' | 'calendar' | 'history' | 'lookup';
  /** As sent; not yet checked. */
  readonly id: string;
  /** The part after `?`. */
  readonly search: string;
}

const begin = '/events/'.length;
const historyPath = '/history';
const calendarEnd = '.ics';

/** `url`: one that `isEvent` admits. */
export function targetOf(url: string): Target {
  const question = url.indexOf('?');
  const path = question < 0 ? url.slice(begin) : url.slice(begin, question);
  const search = question < 0 ? '' : url.slice(question + 1);
  if (path === 'lookup') return { kind: 'lookup', id: '', search };
  if (path.endsWith(historyPath))
    return { kind: 'history', id: path.slice(0, path.length - historyPath.length), search };
  if (path.endsWith(calendarEnd))
    return { kind: 'calendar', id: path.slice(0, path.length - calendarEnd.length), search };
  return { kind: 'event', id: path, search };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const example = '8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11';

/** The id in lower case. */
export function readId(text: string): string | Refusal {
  const id = text.toLowerCase();
  return uuid.test(id)
    ? id
    : refuse('id_invalid', `Got the id ${shown(text)}, expected a UUID like ${example}.`);
}
