// What an operator asks of ingest by way of the supervisor.

import type { Archive } from '#/archive/archive.ts';
import { messageOf } from '#/kit/errors.ts';
import { say, type IngestAnswer, type IngestQuestion } from './messages.ts';
import type { Polling } from './polling.ts';

/** Never rejects: a fault is an answer too. */
export async function answerQuestion(
  id: number,
  question: IngestQuestion,
  archive: Archive,
  polling: ReadonlyMap<string, Polling>,
): Promise<void> {
  const answer = await answerTo(question, archive, polling).catch((error: unknown): IngestAnswer => ({
    about: 'failure',
    message: messageOf(error),
  }));
  say({ type: 'answer', id, answer });
}

async function answerTo(
  question: IngestQuestion,
  archive: Archive,
  polling: ReadonlyMap<string, Polling>,
): Promise<IngestAnswer> {
  const { about, provider } = question;
  if (about === 'runs') return { about, runs: await archive.runs(provider, question.limit) };
  if (about === 'quarantine')
    return { about, quarantine: await archive.quarantined(provider, question.limit) };
  const approved = await archive.approve(provider);
  // The next complete feed carries it out: have it now.
  if (approved !== null) polling.get(provider)?.hurry();
  return { about, approved };
}
