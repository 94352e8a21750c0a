// The feed to check: a file or the response of a URL, within the limits of ingest.

import { open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { boundedBody } from '#/provider/body.ts';
import { withoutSecrets } from '#/provider/http/credentials.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import type { FeedLimits, Provider } from '#/provider/provider.ts';

export interface Source {
  /** Throws FeedFault. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string;
  /** The size; null when unknown. */
  readonly bytes: number | null;
}

/** The feed cannot be opened. */
export class SourceError extends Error {
  constructor(name: string, cause: unknown) {
    super(`${name} cannot be read: ${(cause as Error).message}`, { cause });
    this.name = 'SourceError';
  }
}

/** Opens `file`; if it is null, fetches the provider's feed. Throws SourceError. */
export async function openSource(
  file: string | null,
  provider: Provider,
  dispatcher: Dispatcher,
): Promise<Source> {
  try {
    return file === null ? await openUrl(provider, dispatcher) : await openFile(file, provider.limits);
  } catch (error) {
    throw new SourceError(file ?? withoutSecrets(provider.url), error);
  }
}

async function openUrl(provider: Provider, dispatcher: Dispatcher): Promise<Source> {
  const never = new AbortController().signal;
  const feed = await fetchFeed(provider, { etag: null, lastModified: null }, dispatcher, never);
  if ('notModified' in feed) throw new Error('Got a response without a body, expected a feed.');
  return { chunks: feed.chunks, contentType: feed.contentType, bytes: null };
}

async function openFile(path: string, limits: FeedLimits): Promise<Source> {
  const file = await open(path);
  const stat = await file.stat();
  if (stat.isDirectory()) {
    await file.close();
    throw new Error('Got a directory, expected a file.');
  }
  const body = file.createReadStream({ highWaterMark: 65_536 });
  return {
    chunks: boundedBody(body, 'identity', limits),
    contentType: '',
    bytes: stat.isFile() ? stat.size : null,
  };
}
