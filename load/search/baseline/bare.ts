// Starts the baseline server for one case.

import { writeFile } from 'node:fs/promises';
import { startChild } from '../../kit/child.ts';
import { freePorts } from '../../kit/ports.ts';
import type { BaselineMode, BaselineReady } from './baseline.ts';
import type { Harness } from '../harness.ts';

export interface Bare extends AsyncDisposable {
  readonly url: string;
  readonly pids: readonly number[];
}

/** `file` holds the bytes that it sends; `lengths` are the lengths of its answers. */
export async function startBare(
  harness: Harness,
  mode: BaselineMode,
  file: string,
  lengths: readonly number[],
): Promise<Bare> {
  const [port] = (await freePorts(1)) as [number];
  const { workers } = harness.plan;
  const child = startChild(new URL('baseline.ts', import.meta.url), {
    args: [port, workers, mode, file, lengths.join(',')].map(String),
    environment: harness.environment,
  });
  try {
    const { pids } = await child.receive<BaselineReady>('baseline-ready', 60_000, harness.bench.stop);
    return {
      url: `http://127.0.0.1:${port}`,
      pids,
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** Writes bodies that the server sends unchanged, one after the other, to a file; returns its path. */
export async function constantFile(harness: Harness, bodies: readonly Buffer[]): Promise<string> {
  const file = `${harness.bench.home}/constant`;
  await writeFile(file, Buffer.concat(bodies));
  return file;
}
