// Questions of the supervisor to a child, over IPC: each gets one answer, or none in time.

import type { IngestResponse, IngestRequest, SupervisorMessage } from '#/actor/messages.ts';

/** The answer that goes with a question. */
type AnswerTo<Q extends IngestRequest> = Extract<IngestResponse, { readonly about: Q['about'] }>;

export interface IngestRequests {
  /** Rejects when ingest failed to find out, is not there, or does not answer within three seconds. */
  ask<Q extends IngestRequest>(question: Q): Promise<AnswerTo<Q>>;
  /** An answer came in; one that nobody waits for any more is dropped. */
  answered(id: number, answer: IngestResponse): void;
}

const answerMs = 3000;

export function createIngestRequests(send: (message: SupervisorMessage) => void): IngestRequests {
  const open = new Map<number, (answer: IngestResponse) => void>();
  let last = 0;
  return {
    ask<Q extends IngestRequest>(question: Q) {
      const id = ++last;
      return new Promise<AnswerTo<Q>>((resolve, reject) => {
        const timer = setTimeout(() => {
          open.delete(id);
          reject(new Error(`The ingest actor did not answer within ${answerMs} ms.`));
        }, answerMs);
        open.set(id, (answer) => {
          clearTimeout(timer);
          open.delete(id);
          if (answer.about === question.about) resolve(answer as AnswerTo<Q>);
          else
            reject(
              new Error(answer.about === 'failure' ? answer.message : 'The answer was to another question.'),
            );
        });
        send({ type: 'ask', id, question });
      });
    },
    answered: (id, answer) => open.get(id)?.(answer),
  };
}
