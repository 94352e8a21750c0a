// The public keys of the OIDC issuer. The supervisor reads them once for all processes of the host, again at intervals, and when a
// token names a key that it does not know; never more often than the pauses below allow. The keys that were read last stay in use
// while the issuer does not answer.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Issuer } from '#/access/rules.ts';
import type { IssuerKeySet } from '#/access/tokens.ts';
import { backoffMs } from '#/kit/backoff.ts';

export interface IssuerKeys {
  /** Null until they were read once. */
  readonly keys: IssuerKeySet | null;
  /** A token names an unknown key: reads the keys again, if the last time is long enough ago. */
  refresh(): void;
  stop(): void;
}

export interface IssuerKeysDeps {
  readonly issuer: Issuer;
  /** Called with keys that differ from those before. */
  readonly changed: (keys: IssuerKeySet) => void;
  /** Called when they cannot be read. */
  readonly failed: (error: unknown) => void;
  readonly everyMs?: number;
  readonly pauseMs?: number;
}

const everyMsDefault = 600_000;
/** Between two reads, whatever tokens say. */
const pauseMsDefault = 30_000;
const retry = { baseMs: 1000, maxMs: 60_000 };
const timeoutMs = 5000;
const bytesMax = 262_144;
const keysMax = 100;

export function createIssuerKeys({
  issuer,
  changed,
  failed,
  everyMs = everyMsDefault,
  pauseMs = pauseMsDefault,
}: IssuerKeysDeps): IssuerKeys {
  let keys: IssuerKeySet | null = null;
  let readAt = -Infinity;
  const ending = new AbortController();
  let woken = new AbortController();

  async function readOnce(): Promise<boolean> {
    readAt = performance.now();
    try {
      const read = await readKeys(issuer);
      if (JSON.stringify(read) !== JSON.stringify(keys)) {
        keys = read;
        changed(read);
      }
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  async function readRegularly(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted;) {
      failures = (await readOnce()) ? 0 : failures + 1;
      const waitMs = failures === 0 ? everyMs : backoffMs(failures, retry, Math.random);
      woken = new AbortController();
      const signal = AbortSignal.any([ending.signal, woken.signal]);
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  void readRegularly();

  return {
    get keys() {
      return keys;
    },
    refresh() {
      if (performance.now() - readAt >= pauseMs) woken.abort();
    },
    stop: () => ending.abort(),
  };
}

/** Throws when an answer is not what OpenID Connect Discovery 1.0 or RFC 7517 describe. */
async function readKeys({ url, keysUrl }: Issuer): Promise<IssuerKeySet> {
  const from = keysUrl ?? (await discover(url));
  const read = (await readJson(from)) as { readonly keys?: unknown };
  if (!Array.isArray(read.keys) || read.keys.length === 0 || read.keys.length > keysMax)
    throw new Error(`Got no keys from ${new URL(from).origin}, expected 1 to ${keysMax}.`);
  return { keys: read.keys };
}

async function discover(url: string): Promise<string> {
  const read = (await readJson(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`)) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  };
  if (read.issuer !== url)
    throw new Error('Got the discovery document of another issuer, expected that of AUTH_ISSUER.');
  const keysUrl = typeof read.jwks_uri === 'string' ? URL.parse(read.jwks_uri) : null;
  if (keysUrl === null || (keysUrl.protocol !== 'https:' && keysUrl.protocol !== new URL(url).protocol))
    throw new Error('Got no jwks_uri in the discovery document, expected an https URL.');
  return keysUrl.href;
}

/** undici is loaded here only: without an issuer the supervisor is not an HTTP client. */
async function readJson(url: string): Promise<object> {
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/json' },
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`Got more than ${bytesMax} bytes, expected fewer.`);
    chunks.push(chunk);
  }
  if (statusCode !== 200)
    throw new Error(`Got status ${statusCode} from ${new URL(url).origin}, expected 200.`);
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (typeof value !== 'object' || value === null) throw new Error('Got no JSON object, expected one.');
  return value;
}
