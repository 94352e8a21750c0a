// `POST /profile`: a CPU profile of one process. The process writes it to its diagnostics, and the file is sent from there: it may
// have megabytes, which the supervisor neither holds nor parses.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { endWithError } from '#/http/envelope.ts';
import { listed } from '#/kit/command-line/expected.ts';
import type { AdminDeps } from './deps.ts';

export const profileSeconds = { usual: 5, max: 60 } as const;
const shownMax = 40;
const shown = (value: unknown): string => JSON.stringify(value).slice(0, shownMax);

export async function answerProfile(
  deps: Pick<AdminDeps, 'profile'>,
  request: Request,
  response: Response,
): Promise<void> {
  const { slot = '0', seconds = String(profileSeconds.usual), ...others } = request.query;
  const [other] = Object.keys(others);
  const isValid = typeof seconds === 'string' && /^[1-9]\d?$/.test(seconds);
  if (other !== undefined) refuse(400, `Got the parameter ${shown(other)}, expected slot or seconds.`);
  else if (typeof slot !== 'string' || !/^(\d{1,4}|ingest)$/.test(slot))
    refuse(400, `Got slot ${shown(slot)}, expected the number of an API worker, or ingest.`);
  else if (!isValid || Number(seconds) > profileSeconds.max)
    refuse(400, `Got seconds ${shown(seconds)}, expected a whole number from 1 to ${profileSeconds.max}.`);
  else await answer(slot, Number(seconds));

  function refuse(status: number, message: string, code = 'parameter_invalid'): void {
    endWithError(response, status, code, message, status === 503 ? { 'Retry-After': '5' } : {});
  }

  async function answer(process: string, during: number): Promise<void> {
    const profiled = await deps.profile(process, during);
    if (profiled.kind === 'unknown')
      return refuse(404, `Got slot ${process}, expected ${listed(profiled.slots)}.`, 'process_unknown');
    if (profiled.kind === 'busy')
      return refuse(
        409,
        `A profile of slot ${process} has not ended; try again when it has.`,
        'profile_busy',
      );
    if (profiled.kind === 'failed') return refuse(503, profiled.message, 'profile_failed');
    const file = createReadStream(profiled.path);
    try {
      await new Promise((resolve, reject) => file.once('open', resolve).once('error', reject));
    } catch {
      return refuse(503, 'The profile was written, and cannot be read.', 'profile_failed');
    }
    response.type('json');
    // A client that leaves ends the stream.
    await pipeline(file, response).catch(() => undefined);
  }
}
