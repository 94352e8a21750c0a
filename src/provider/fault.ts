// The error for a feed that cannot be fetched or read to its end.

import { messageOf } from '#/kit/errors.ts';

interface FeedFaultOptions extends ErrorOptions {
  readonly retryAfterMs?: number | null;
  readonly status?: number;
}

/** The code is stable (`http_status`, `timed_out`, …). */
export class FeedFault extends Error {
  readonly code: string;
  /** How long the provider asked not to be polled (`Retry-After`); null when it did not. */
  readonly retryAfterMs: number | null;
  /** The HTTP status of a response that was not a feed; null when there was none. */
  readonly status: number | null;

  constructor(code: string, message: string, options: FeedFaultOptions = {}) {
    super(message, options);
    this.name = 'FeedFault';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.status = options.status ?? null;
  }
}

const codes: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'timed_out',
  UND_ERR_HEADERS_TIMEOUT: 'timed_out',
  UND_ERR_BODY_TIMEOUT: 'timed_out',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'feed_truncated',
  UND_ERR_SOCKET: 'connection_lost',
  ECONNRESET: 'connection_lost',
  UND_ERR_ABORTED: 'stopped',
  Z_BUF_ERROR: 'feed_truncated',
};

/** Converts any error of a fetch to a FeedFault. */
export function faultOf(error: unknown): FeedFault {
  if (error instanceof FeedFault) return error;
  if ((error as Error).name === 'TimeoutError')
    return new FeedFault('timed_out', 'The feed did not end in time.', { cause: error });
  if ((error as Error).name === 'AbortError')
    return new FeedFault('stopped', 'The run was stopped.', { cause: error });
  // undici's error for a response that breaks off between two chunks; it has no code.
  const cut = (error as Error).name === 'HTTPParserError' ? 'connection_lost' : 'unreachable';
  const code = codes[String((error as NodeJS.ErrnoException).code)] ?? cut;
  return new FeedFault(code, messageOf(error), { cause: error });
}
