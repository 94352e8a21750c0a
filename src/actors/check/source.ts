// A feed to be checked: a file, or what a URL answers, within the limits of ingest.

import { open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { boundedBody } from '#/provider/body.ts';
import { fetchFeed } from '#/provider/fetch.ts';
import type { FeedLimits } from '#/provider/provider.ts';

export interface Source {
  /** Throws FeedFault. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly contentType: string;
  /** Null when it is not known beforehand. */
  readonly bytes: number | null;
}

/** There is no feed to be read. */
export class SourceError extends Error {
  constructor(name: string, cause: unknown) {
    super(`${name} could not be read: ${(cause as Error).message}`, { cause });
    this.name = 'SourceError';
  }
}

/** Throws SourceError when there is nothing to read, for whatever reason. */
export async function openSource(name: string, limits: FeedLimits, dispatcher: Dispatcher): Promise<Source> {
  try {
    return /^https?:\/\//i.test(name)
      ? await openUrl(name, limits, dispatcher)
      : await openFile(name, limits);
  } catch (error) {
    throw new SourceError(name, error);
  }
}

async function openUrl(url: string, limits: FeedLimits, dispatcher: Dispatcher): Promise<Source> {
  const never = new AbortController().signal;
  const feed = await fetchFeed(url, { etag: null, lastModified: null }, limits, dispatcher, never);
  if ('notModified' in feed)
    throw new Error('Got status 304 to a request without a condition, expected 200.');
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
