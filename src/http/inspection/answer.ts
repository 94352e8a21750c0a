// Answers of the admin port that come from ingest.

import type { Response } from 'express';
import { endWithError } from '#/http/envelope.ts';
import { RequestRefused, statusOf } from './refused.ts';

/**
 * Answers with the result of `ask`; null means that `ask` has answered itself. A refusal has its own status and code; when
 * ingest does not answer, it is 503.
 */
export async function answerWith(response: Response, ask: () => Promise<object | null>): Promise<void> {
  try {
    const answer = await ask();
    if (answer !== null) response.json(answer);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'Ingest did not answer.';
    const [status, code] =
      error instanceof RequestRefused ? [statusOf(error.code), error.code] : [503, 'ingest_unavailable'];
    endWithError(response, status, code, message, status === 503 ? { 'Retry-After': '5' } : {});
  }
}
