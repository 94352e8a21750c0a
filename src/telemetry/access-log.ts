// One line for some of the requests, and for every one that failed or was slow, as long as there are not too many.

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
  /** Of the catalogue that is served. */
  readonly version: number;
  /** Neither failed nor slow: one of a sample. */
  readonly isOrdinary: boolean;
}

export type AccessLog = (answered: Answered) => void;

export interface AccessLogOptions {
  readonly log: Log;
  /** Of the ordinary requests, 0 to 1. */
  readonly share: number;
  /** Called for each request that failed or was slow and has no line, because there were too many in its second. */
  readonly dropped: () => void;
  readonly now: () => number;
}

/**
 * Two limits: however many ordinary requests there are, they take no line from one that failed or was slow. Whoever asks for
 * a share of 1 wants a line for each request, and gets it.
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
      url: printable(url.slice(0, urlLengthMax)),
      status,
      ms: Math.round(seconds * 1e6) / 1000,
      request_id: requestId,
      ...(traceId === null ? {} : { trace_id: traceId }),
      version,
    };
    log[status >= 500 ? 'error' : 'info'](fields, 'request');
  };
}

/** Terminals act on more than line ends. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');
