// The upper limit of Node: a bare node:http cluster that ignores the request, sets two headers and sends a prepared answer.
//
//   bytes      as many bytes from a random position in FILE
//   constant   one of the answers in FILE, which are compressed already
//   deflate    bytes from a random position in FILE, compressed for each answer by zlib at its default level
//   empty-304  no body, with status 304
//
// The length of an answer is chosen at random from LENGTHS.
//
// Usage: baseline.ts PORT WORKERS MODE FILE LENGTHS(n,n,n)

import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Message } from '../../kit/child.ts';
import { exitWithParent, sendToParent } from '../../kit/ipc.ts';

export type BaselineMode = 'bytes' | 'constant' | 'deflate' | 'empty-304';

export interface BaselineReady extends Message {
  readonly type: 'baseline-ready';
  /** Of its workers. */
  readonly pids: readonly number[];
}

const [, , port, workers, mode, file, lengths = ''] = process.argv;

interface Piece {
  readonly length: number;
  /** The length as a header value. */
  readonly text: string;
  /** The offset of the answer in FILE, in mode `constant`. */
  readonly from: number;
}

function piecesOf(buffer: Buffer): Piece[] {
  let from = 0;
  return lengths.split(',').map((text) => {
    const piece = { text, length: Math.min(Number(text), buffer.length), from };
    from += piece.length;
    return piece;
  });
}

function listenerOf(buffer: Buffer): RequestListener {
  const pieces = piecesOf(buffer);
  const randomPiece = (): Piece => pieces[Math.floor(Math.random() * pieces.length)] as Piece;
  const anywhere = ({ length }: Piece): Buffer => {
    const from = Math.floor(Math.random() * (buffer.length - length + 1));
    return buffer.subarray(from, from + length);
  };
  const type = 'application/json; charset=utf-8';
  const headers = (length: string): string[] => ['Content-Type', type, 'Content-Length', length];
  switch (mode as BaselineMode) {
    case 'bytes':
      return (_request, response) => {
        const piece = randomPiece();
        response.writeHead(200, headers(piece.text)).end(anywhere(piece));
      };
    case 'constant':
      return (_request, response) => {
        const { text, from, length } = randomPiece();
        response.writeHead(200, headers(text)).end(buffer.subarray(from, from + length));
      };
    case 'empty-304':
      return (_request, response) =>
        response.writeHead(304, ['ETag', '"1"', 'Cache-Control', 'public']).end();
    case 'deflate':
    default:
      return (_request, response) => {
        const body = gzipSync(anywhere(randomPiece()));
        response.writeHead(200, headers(String(body.length))).end(body);
      };
  }
}

function serve(): void {
  process.on('SIGINT', () => undefined);
  const buffer = readFileSync(file as string);
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, listenerOf(buffer));
  server.listen(Number(port), '127.0.0.1');
}

if (import.meta.main && cluster.isPrimary) {
  exitWithParent();
  const pids: number[] = [];
  cluster.on('listening', (worker) => {
    pids.push(worker.process.pid ?? 0);
    if (pids.length === Number(workers))
      sendToParent({ type: 'baseline-ready', pids } satisfies BaselineReady);
  });
  cluster.on('exit', () => process.exit(1));
  for (let i = 0; i < Number(workers); i++) cluster.fork();
} else if (cluster.isWorker) serve();
