// The access log: one line for a sample of the ordinary requests, and for each failed or slow request, with a limit per second.

import { withoutCredentials } from '#/kit/redact.ts';
import { createRateLimit } from '#/kit/rate-limit.ts';
import type { Log } from './log.ts';

export interface Answered {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestId: string;
  readonly traceId: string | null;
  /** The version of the catalogue that is served. */
  readonly version: number;
  /** Neither failed nor slow. */
  readonly isOrdinary: boolean;
}

export type AccessLog = (answered: Answered) => void;

export interface AccessLogOptions {
  readonly log: Log;
  /** The share of ordinary requests to log, 0 to 1. */
  readonly share: number;
  /** Called for each failed or slow request that is not logged because of the limit. */
  readonly dropped: () => void;
  readonly now: () => number;
}

/**
 * Separate limits: ordinary requests never displace failed or slow ones. With a share of 1 there is no limit: each request is
 * logged.
 */
const linesPerSecond = { ordinary: 50, other: 100 };
const urlLengthMax = 300;

const always = (): boolean => true;

export function createAccessLog({ log, share, dropped, now }: AccessLogOptions): AccessLog {
  const mayWrite = share === 1 ? always : createRateLimit(linesPerSecond.other, now);
  const mayWriteOrdinary = share === 1 ? always : createRateLimit(linesPerSecond.ordinary, now);
  return ({ method, url, status, seconds, requestId, traceId, version, isOrdinary }) => {
    if (isOrdinary) {
      if (!mayWriteOrdinary()) return;
    } else if (!mayWrite()) {
      dropped();
      return;
    }
    const fields = {
      method,
      url: printable(withoutCredentials(url).slice(0, urlLengthMax)),
      status,
      ms: Math.round(seconds * 1e6) / 1000,
      request_id: requestId,
      ...(traceId === null ? {} : { trace_id: traceId }),
      version,
    };
    log[status >= 500 ? 'error' : 'info'](fields, 'request');
  };
}

/** Replaces control characters, which would act on a terminal, and all characters beyond ASCII. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');
