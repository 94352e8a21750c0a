// Requests to the host that served the page.

const timeoutMs = 20_000;
const storedAs = 'marquee-credential';

export class Failure extends Error {
  /** `status`: 0 when there is no answer. */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The credential is kept until the tab is closed. */
export const credential = {
  get: () => sessionStorage.getItem(storedAs),
  set: (value) => sessionStorage.setItem(storedAs, value),
  clear: () => sessionStorage.removeItem(storedAs),
};

/** Resolves with the body and the headers of a success; rejects with a Failure, or with an AbortError once `signal` aborts. */
export async function ask(path, { method = 'GET', signal = null, accept = '*/*' } = {}) {
  const begunAt = performance.now();
  const stop = AbortSignal.timeout(timeoutMs);
  const key = credential.get();
  // A browser cannot send it: the request would fail as if the host did not answer.
  if (key !== null && !/^[\x20-\x7e]+$/.test(key))
    throw new Failure(401, 'credential_invalid', 'Got characters that are not in any key.');
  let answer;
  let body;
  try {
    answer = await fetch(path, {
      method,
      signal: signal === null ? stop : AbortSignal.any([signal, stop]),
      headers: { Accept: accept, ...(key === null ? {} : { 'X-API-Key': key }) },
    });
    body = await answer.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    if (stop.aborted)
      throw new Failure(0, 'slow', `The host has not answered within ${timeoutMs / 1000} seconds.`);
    throw new Failure(answer?.status ?? 0, 'unreachable', 'The host does not answer.');
  }
  if (!answer.ok) throw new Failure(answer.status, body.error?.code ?? '', body.error?.message ?? '');
  return { body, headers: answer.headers, ms: performance.now() - begunAt };
}

/** What a person can do about a failure. */
export function adviceFor({ status, code }) {
  if (code === 'unreachable') return 'Check the connection, then try again.';
  if (code === 'slow' || status === 503) return 'Try again in a few seconds.';
  if (status === 401) return 'Enter a valid key or token.';
  if (status === 403) return 'This key or token does not allow it.';
  if (status === 429) return 'Too many requests came from here. Wait a minute, then try again.';
  if (status >= 500) return 'The fault is on the host. Try again; if it stays, report it to the operator.';
  return '';
}

/** Reads Marquee-Catalogue: the version, the seconds since it was confirmed (or null), and whether it may be old or is pinned. */
export function freshnessOf(headers) {
  const text = headers.get('marquee-catalogue') ?? '';
  const number = (name) => {
    const found = new RegExp(`\\b${name}=(\\d+)`).exec(text);
    return found === null ? null : Number(found[1]);
  };
  return {
    version: number('version'),
    ageSeconds: number('age'),
    isStale: text.includes('stale=?1'),
    isPinned: /\bpinned\b/.test(text),
  };
}

/** The milliseconds that the host took for the query; null when it does not say. */
export function serverMsOf(headers) {
  const found = /\bdur=([\d.]+)/.exec(headers.get('server-timing') ?? '');
  return found === null ? null : Number(found[1]);
}
