// Requests of the supervisor to ingest, over IPC: each resolves with one answer, or rejects after a timeout.

import { RequestRefused } from '#/http/inspection/refused.ts';
import type { IngestResponse, IngestRequest, SupervisorMessage } from '#/actor/messages.ts';

/** The type of the answer to `Q`. */
type AnswerTo<Q extends IngestRequest> = Extract<IngestResponse, { readonly about: Q['about'] }>;

export interface IngestRequests {
  /**
   * Rejects when ingest reports a failure, does not run, or does not answer within three seconds; with RequestRefused when it
   * refuses. `waitMs`: of a question that takes longer.
   */
  ask<Q extends IngestRequest>(question: Q, waitMs?: number): Promise<AnswerTo<Q>>;
  /** Passes on an answer of ingest. An answer that comes after the timeout is dropped. */
  answered(id: number, answer: IngestResponse): void;
}

const waitMsUsual = 3000;

export function createIngestRequests(send: (message: SupervisorMessage) => void): IngestRequests {
  const pending = new Map<number, (answer: IngestResponse) => void>();
  let last = 0;
  return {
    ask<Q extends IngestRequest>(question: Q, waitMs = waitMsUsual) {
      const id = ++last;
      return new Promise<AnswerTo<Q>>((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new Error(`The ingest actor did not answer within ${waitMs} ms.`));
        }, waitMs);
        pending.set(id, (answer) => {
          clearTimeout(timer);
          pending.delete(id);
          if (answer.about === question.about) resolve(answer as AnswerTo<Q>);
          else if (answer.about === 'refused') reject(new RequestRefused(answer.code, answer.message));
          else
            reject(
              new Error(
                answer.about === 'failure'
                  ? answer.message
                  : `Got an answer to "${answer.about}", expected one to "${question.about}".`,
              ),
            );
        });
        send({ type: 'ask', id, question });
      });
    },
    answered: (id, answer) => pending.get(id)?.(answer),
  };
}
