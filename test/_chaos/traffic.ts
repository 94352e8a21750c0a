// Keep-alive connections that send requests at a fixed rate and count failures: a status other than 200, a connection that
// ends before its answer, an answer after the timeout. Raw sockets cost little processor time and never retry silently.

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from '../_servers/ending.ts';
import { isLong } from '../_support/long.ts';

export interface TrafficOptions {
  readonly port: number;
  readonly connections?: number;
  /** Requests per second over all connections; when absent, each request follows the previous answer. */
  readonly perSecond?: number;
  readonly path?: string;
  /** How often a failed request is retried, on another connection. */
  readonly retries?: number;
  readonly timeoutMs?: number;
}

export interface Traffic {
  readonly answered: number;
  readonly failed: number;
  /** The failed requests that were answered with 503 and a Retry-After. */
  readonly refused: number;
  readonly retried: number;
  /** Faults and their counts. */
  readonly faults: ReadonlyMap<string, number>;
  readonly perSecond: number;
  /** A quantile of the latencies, in milliseconds: this share of the answers was faster. */
  latencyMs(share: number): number;
  /** Stops after the answers in flight. */
  stop(): Promise<void>;
}

interface Request {
  readonly at: number;
  tries: number;
}

interface Connection {
  readonly socket: Socket;
  request: Request | null;
  timer: NodeJS.Timeout | undefined;
  /** What was received of the current answer. */
  text: string;
  isOpen: boolean;
}

export function startTraffic(ending: Ending, options: TrafficOptions): Traffic {
  const {
    port,
    connections = 100,
    perSecond,
    path = '/search?starts_at=2021-02-10',
    retries = 0,
    // In the short form other tests take the processor.
    timeoutMs = isLong ? 2000 : 10_000,
  } = options;
  const question = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  const faults = new Map<string, number>();
  const latencies: number[] = [];
  const idle: Connection[] = [];
  const waiting: Request[] = [];
  const all = new Set<Connection>();
  const traffic = { answered: 0, failed: 0, refused: 0, retried: 0, faults, perSecond: 0, latencyMs, stop };
  const begunAt = performance.now();
  let asked = 0;
  let stopping = false;

  function open(request?: Request): void {
    if (stopping && request === undefined) return;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const connection: Connection = { socket, request: null, timer: undefined, text: '', isOpen: true };
    all.add(connection);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => hear(connection, text));
    socket.on('error', (error: NodeJS.ErrnoException) => ended(connection, error.code ?? error.message));
    socket.on('close', () => ended(connection, 'closed'));
    if (request === undefined) release(connection);
    else send(connection, request);
  }

  function ended(connection: Connection, why: string): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    all.delete(connection);
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    const { request } = connection;
    connection.socket.destroy();
    clearTimeout(connection.timer);
    connection.request = null;
    if (request !== null) failed(request, why);
    // After a pause: a port without a listener would otherwise get a thousand connections a second.
    setTimeout(() => open(), why === 'ECONNREFUSED' ? 20 : 0);
  }

  function failed(request: Request, why: string): void {
    faults.set(why, (faults.get(why) ?? 0) + 1);
    if (request.tries++ < retries) {
      traffic.retried++;
      // On a new connection: another kept-alive one may be dead as well.
      open(request);
    } else traffic.failed++;
  }

  function release(connection: Connection): void {
    if (!connection.isOpen) return;
    const request =
      waiting.shift() ??
      (perSecond === undefined && !stopping ? { at: performance.now(), tries: 0 } : undefined);
    if (request === undefined) idle.push(connection);
    else send(connection, request);
  }

  function send(connection: Connection, request: Request): void {
    connection.request = request;
    connection.text = '';
    connection.timer = setTimeout(() => ended(connection, 'timed out'), timeoutMs);
    connection.socket.write(question);
  }

  function ask(request: Request): void {
    const connection = idle.shift();
    if (connection === undefined) waiting.push(request);
    else send(connection, request);
  }

  function hear(connection: Connection, text: string): void {
    connection.text += text;
    const head = connection.text.indexOf('\r\n\r\n');
    const { request } = connection;
    if (head < 0 || request === null) return;
    const bytes = Number(/content-length: (\d+)/i.exec(connection.text)?.[1] ?? 0);
    if (connection.text.length < head + 4 + bytes) return;
    const status = connection.text.slice(9, 12);
    const isLast = /\r\nconnection: close\r\n/i.test(connection.text.slice(0, head + 2));
    clearTimeout(connection.timer);
    connection.request = null;
    if (status === '200') {
      traffic.answered++;
      latencies.push(performance.now() - request.at);
    } else {
      if (status === '503' && /\r\nretry-after: \d/i.test(connection.text)) traffic.refused++;
      failed(request, status);
    }
    if (isLast) ended(connection, 'told to');
    else release(connection);
  }

  function latencyMs(share: number): number {
    const sorted = latencies.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  }

  async function stop(): Promise<void> {
    if (stopping) return;
    clearInterval(timer);
    const seconds = (performance.now() - begunAt) / 1000;
    const deadline = performance.now() + timeoutMs + 500;
    stopping = true;
    while (
      performance.now() < deadline &&
      (waiting.length > 0 || [...all].some(({ request }) => request !== null))
    )
      await sleep(10);
    traffic.perSecond = Math.round(traffic.answered / seconds);
    for (const { socket, timer: late } of all) {
      clearTimeout(late);
      socket.destroy();
    }
  }

  for (let i = 0; i < connections; i++) open();
  const timer = setInterval(() => {
    if (perSecond === undefined) return;
    // A request that finds no free connection waits for one, and its wait counts.
    const due = Math.min(((performance.now() - begunAt) / 1000) * perSecond, asked + perSecond);
    for (; asked < due; asked++) ask({ at: performance.now(), tries: 0 });
  }, 5);
  ending.teardown(stop);
  return traffic;
}
