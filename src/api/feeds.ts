// What a worker serves to clients that follow the catalogue: /changes and /rpde/events.

import type { Config } from '#/config.ts';
import type { FeedHandlers } from '#/http/app.ts';
import { createChangeFeed, type ChangeFeedOptions } from '#/http/changes/handler.ts';
import type { Listeners } from '#/http/changes/listeners.ts';
import type { AnswerHeaders } from '#/http/events/send.ts';
import { createRpdeHandler } from '#/http/rpde/handler.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import type { Editions } from './editions.ts';
import { createJournal } from './journal.ts';
import type { WorkerPast } from './past.ts';

export interface Feeds {
  readonly handlers: FeedHandlers;
  readonly listeners: Listeners;
}

interface FeedSources extends AnswerHeaders, Required<Pick<ChangeFeedOptions, 'standing'>> {
  readonly pinned: Pinned;
  readonly editions: Pick<Editions, 'reachMs'>;
  readonly past: WorkerPast;
  readonly isPinned: () => boolean;
}

export function createFeeds(
  { archiveUrl, listenersMax, rpde }: Pick<Config, 'archiveUrl' | 'listenersMax' | 'rpde'>,
  { pinned, editions, past, isPinned, standing, ...headers }: FeedSources,
): Feeds {
  const journal = createJournal(archiveUrl, past);
  const { handle, listeners } = createChangeFeed({
    ...headers,
    standing,
    versions: { ...pinned, isPinned, journal },
    tokenSeconds: () => (journal.isHere ? null : Math.floor(editions.reachMs / 1000)),
    listenersMax,
  });
  const listRpdeEvents = createRpdeHandler({ ...headers, ...rpde, current: pinned.current, reader: journal });
  return { handlers: { listChanges: handle, listRpdeEvents }, listeners };
}
