// A real Redis without persistence, so that it is empty after a restart, and helpers for its faults.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import type { Ending } from './ending.ts';
import { directoryFor, freePort, startProgram, until, type Program } from './server.ts';

export const redisIsHere = isInstalled('redis-server');

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Runs one command on a connection of its own: to inspect the server, and to damage its data. */
  ask(command: string, ...args: (string | number | Buffer)[]): Promise<unknown>;
  /** The same, with the answer as bytes. */
  askBytes(command: string, ...args: (string | number | Buffer)[]): Promise<Buffer | null>;
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts again after `kill`: empty, on the same port. */
  start(): Promise<void>;
  /** All its data, as a dump. */
  dump(): Promise<Buffer>;
  /** Kills the server and starts it with an earlier dump. */
  restore(dump: Buffer): Promise<void>;
}

export interface RedisOptions {
  readonly port?: number;
  readonly args?: readonly string[];
  /** Lines of a configuration file: Sentinel needs one that it can write to. */
  readonly file?: readonly string[];
}

export async function startRedis(ending: Ending, options: RedisOptions = {}): Promise<RedisServer> {
  const directory = await directoryFor(ending);
  const port = options.port ?? (await freePort());
  const dumpPath = join(directory, 'dump.rdb');
  let program: Program | null = null;
  ending.teardown(async () => {
    await program?.kill('SIGKILL');
  });

  async function start(): Promise<void> {
    const file = join(directory, 'redis.conf');
    await writeFile(file, [...(options.file ?? []), ''].join('\n'));
    const own = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    program = startProgram(programAt('redis-server') ?? '', [file, ...own, ...(options.args ?? [])]);
    const output = program.output;
    await until('Redis answers', () => call('ping')).catch((error: unknown) => {
      throw new Error(output(), { cause: error });
    });
  }

  async function call(command: string, ...args: (string | number | Buffer)[]): Promise<unknown> {
    return connected((client) => client.call(command, ...args));
  }

  async function connected<T>(use: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await use(client);
    } finally {
      client.disconnect();
    }
  }

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    ask: call,
    askBytes: (command, ...args) =>
      connected(async (client) => (await client.callBuffer(command, ...args)) as Buffer | null),
    async kill() {
      await program?.kill('SIGKILL');
    },
    async freeze() {
      await program?.freeze();
    },
    async thaw() {
      await program?.thaw();
    },
    start,
    async dump() {
      await call('save');
      const dump = await readFile(dumpPath);
      await rm(dumpPath);
      return dump;
    },
    async restore(dump) {
      await server.kill();
      await writeFile(dumpPath, dump);
      await start();
      await rm(dumpPath);
    },
  };
  await start();
  return server;
}

/** A Cluster of one node that holds every slot. */
export async function startCluster(ending: Ending): Promise<RedisServer> {
  // A node of a Cluster also listens on a second port: by default 10,000 above, where a connection of another test may be.
  const second = String(await freePort());
  const server = await startRedis(ending, {
    args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', second],
  });
  await server.ask('cluster', 'addslotsrange', 0, 16_383);
  await until('the cluster is whole', async () =>
    String(await server.ask('cluster', 'info')).includes('cluster_state:ok'),
  );
  return { ...server, url: `redis+cluster://127.0.0.1:${server.port}` };
}

export interface Sentinel {
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Resolves when Sentinel has made the replica the master. */
  failedOver(): Promise<void>;
}

/** A master, its replica, and one Sentinel (a quorum of 1) that replaces a master after half a second. */
export async function startSentinel(ending: Ending): Promise<Sentinel> {
  const master = await startRedis(ending);
  const replica = await startRedis(ending, { args: ['--replicaof', '127.0.0.1', String(master.port)] });
  await until('the replica follows', async () =>
    String(await replica.ask('info', 'replication')).includes('master_link_status:up'),
  );
  const port = await freePort();
  const sentinel = await startRedis(ending, {
    port,
    args: ['--sentinel'],
    file: [
      `sentinel monitor stage 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds stage 500',
      'sentinel failover-timeout stage 5000',
    ],
  });
  await until('Sentinel knows the replica', async () => {
    const replicas = (await sentinel.ask('sentinel', 'replicas', 'stage')) as unknown[];
    return replicas.length === 1;
  });
  return {
    url: `redis+sentinel://127.0.0.1:${port}/stage`,
    master,
    replica,
    failedOver: () =>
      until('the replica is the master', async () => {
        const [, now] = (await sentinel.ask('sentinel', 'get-master-addr-by-name', 'stage')) as [
          string,
          string,
        ];
        return Number(now) === replica.port && String(await replica.ask('role')).startsWith('master');
      }),
  };
}
