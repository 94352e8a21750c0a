// Accepts a listener: GET /changes with Accept: text/event-stream.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import type { AnswerHeaders } from '#/http/events/send.ts';
import type { ChangesReader } from '#/search/changes/reader.ts';
import { encodeToken } from '#/search/changes/token.ts';
import { asNamed, typed } from '#/http/protocol/security-headers.ts';
import { streamType } from '#/telemetry/live/stream.ts';
import { failures, type Failure } from './failures.ts';
import type { Listeners } from './listeners.ts';
import type { Messages, Place } from './messages.ts';
import type { ParsedQuery } from './query.ts';

export interface Live {
  readonly reader: Pick<ChangesReader, 'now'>;
  readonly messages: Messages;
  readonly listeners: Listeners;
}

/** Adds a listener, or returns why not. The answer begins only when its first message is known to exist. */
export async function listen(
  request: IncomingMessage,
  response: ServerResponse,
  query: ParsedQuery | Refusal,
  { vary, catalogue }: Pick<AnswerHeaders, 'vary' | 'catalogue'>,
  { reader, messages, listeners }: Live,
): Promise<Refusal | Failure | null> {
  if (isRefusal(query)) return query;
  if (!listeners.hasRoom) return failures.crowded;
  const { since, provider } = query;
  const now = reader.now();
  if (now === null) return failures.undetailed;
  const position = since === null || since === 'now' ? now : since;
  const place: Place = { token: encodeToken(position, provider), position, provider };
  const first = await messages.make(place).catch(() => 'unavailable' as const);
  if (typeof first === 'string') return failures[first];
  if (!listeners.hasRoom) return failures.crowded;
  if (response.destroyed) return null;
  // When the stream ends, its connection closes: a stop need not wait for it.
  response.shouldKeepAlive = false;
  response.statusCode = 200;
  for (const [name, value] of [
    ['Content-Type', streamType],
    ['Cache-Control', 'no-store'],
    ['Vary', vary],
    // nginx would hold messages back.
    ['X-Accel-Buffering', 'no'],
    [typed, asNamed],
    [catalogueHeader, catalogue.valueOf({ version: position.base?.version ?? 0 })],
  ] as const)
    response.setHeader(name, value);
  if (request.method === 'HEAD') response.end();
  else listeners.add(response, place);
  return null;
}
