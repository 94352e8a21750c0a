// The same bytes as a static file of nginx, where it is installed: shows how much of the gap is due to Node itself.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../kit/wait.ts';
import { freePorts } from '../../kit/ports.ts';
import { startProgram } from '../../kit/program.ts';

export interface Nginx extends AsyncDisposable {
  readonly url: string;
}

export interface NginxOptions {
  /** Of the nginx program. */
  readonly path: string;
  /** A directory for nginx only. */
  readonly home: string;
  readonly workers: number;
  /** The answer to every request. */
  readonly body: Buffer;
  readonly gzipped: boolean;
  readonly stop: AbortSignal;
}

export async function startNginx({ path, home, workers, body, gzipped, stop }: NginxOptions): Promise<Nginx> {
  await mkdir(join(home, 'root'), { recursive: true });
  await writeFile(join(home, 'root', 'search'), body);
  const [port] = (await freePorts(1)) as [number];
  const configuration = join(home, 'nginx.conf');
  await writeFile(configuration, configurationOf({ home, port, workers, gzipped }));
  const running = startProgram(path, ['-p', home, '-c', configuration, '-e', join(home, 'error.log')]);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(async () => (await fetch(`${url}/search`, { method: 'HEAD' })).ok || undefined, {
      what: 'nginx answers',
      withinMs: 10_000,
      everyMs: 20,
      stop: AbortSignal.any([stop, running.ended]),
    });
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

interface Configuration {
  readonly home: string;
  readonly port: number;
  readonly workers: number;
  readonly gzipped: boolean;
}

function configurationOf({ home, port, workers, gzipped }: Configuration): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off;',
    // As root, nginx would run its workers as a user that cannot read this directory.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `worker_processes ${workers};`,
    `pid ${join(home, 'nginx.pid')};`,
    'events { worker_connections 1024; }',
    'http {',
    '  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=10;',
    ...temporary.map((name) => `  ${name}_temp_path ${join(home, name)};`),
    `  server { listen 127.0.0.1:${port} reuseport; root ${join(home, 'root')};`,
    `    default_type application/json; ${gzipped ? 'add_header Content-Encoding gzip;' : ''} }`,
    '}',
    '',
  ].join('\n');
}
