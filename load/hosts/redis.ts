// A Redis server for the benchmark only: on loopback, without persistence, stopped on disposal.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Bench } from '../kit/bench.ts';
import { waitFor } from '../kit/wait.ts';
import { freePorts } from '../kit/ports.ts';

/** Readings of `INFO`. */
export interface RedisCounts {
  /** Since the start, including commands and replies. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly usedMemoryBytes: number;
}

export interface OwnRedis extends AsyncDisposable {
  readonly url: string;
  counts(): Promise<RedisCounts>;
  get(key: string): Promise<string | null>;
}

export const redisIsHere = (): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('redis-server', ['--version'], (error) => resolve(error === null));
  });

/** Throws when it cannot be started. */
export async function startRedis(bench: Bench): Promise<OwnRedis> {
  const [port] = (await freePorts(1)) as [number];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', [...args, '--dir', bench.home], { stdio: 'ignore', detached: true });
  const failed = new AbortController();
  const fail = (why: string) => (): void => failed.abort(new Error(`redis-server ${why}.`));
  server.once('error', fail('could not be started'));
  const gone = once(server, 'exit').catch(() => undefined);
  server.once('exit', fail('has ended'));
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 100 });
  client.on('error', () => undefined);
  const redis: OwnRedis = {
    url: `redis://127.0.0.1:${port}`,
    async counts() {
      const info = await client.info();
      const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
      return {
        bytesIn: field('total_net_input_bytes'),
        bytesOut: field('total_net_output_bytes'),
        usedMemoryBytes: field('used_memory'),
      };
    },
    get: (key) => client.get(key),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      server.kill('SIGKILL');
      if (server.pid !== undefined) await gone;
    },
  };
  try {
    await waitFor(async () => (await client.ping()) === 'PONG' || undefined, {
      what: 'Redis answers',
      withinMs: 10_000,
      everyMs: 50,
      stop: AbortSignal.any([bench.stop, failed.signal]),
    });
    return redis;
  } catch (error) {
    await redis[Symbol.asyncDispose]();
    throw error;
  }
}
