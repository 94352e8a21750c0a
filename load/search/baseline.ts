// The limit: a bare node:http cluster that looks at nothing, sets two headers, and sends as many bytes as an answer of the
// scenario has, from a random place of a buffer as large as the catalogue.
//
// Usage: baseline.ts PORT WORKERS ANSWER_BYTES BUFFER_BYTES

import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { Said } from '../kit/child.ts';
import { livesWithBench, say } from '../kit/talk.ts';

export interface BaselineReady extends Said {
  readonly type: 'baseline-ready';
}

const [port, workers, answerBytes, bufferBytes] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
];

function serve(): void {
  process.on('SIGINT', () => undefined);
  const buffer = Buffer.alloc(Math.max(bufferBytes, answerBytes + 1), 'bare node:http ');
  const places = buffer.length - answerBytes;
  const headers = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(answerBytes)];
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (_request, response) => {
    const from = Math.floor(Math.random() * places);
    response.writeHead(200, headers).end(buffer.subarray(from, from + answerBytes));
  });
  server.listen(port, '127.0.0.1');
}

if (import.meta.main && cluster.isPrimary) {
  livesWithBench();
  let listening = 0;
  cluster.on('listening', () => {
    if (++listening === workers) say({ type: 'baseline-ready' } satisfies BaselineReady);
  });
  cluster.on('exit', () => process.exit(1));
  for (let i = 0; i < workers; i++) cluster.fork();
} else if (cluster.isWorker) serve();
