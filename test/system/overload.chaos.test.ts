// Overload: clients that never finish their request, clients that never finish reading, and ten times as many as the limit.
// Well-behaved clients and probes are answered, and memory is bounded.

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startSimulator } from '../../load/simulator/server.ts';
import { figure, rounded, startStage } from '../_chaos/stage.ts';
import { isLong, longTest } from '../_support/long.ts';
import { startTraffic, type Traffic } from '../_chaos/traffic.ts';
import { run, until, type System } from './_system.ts';

/** In the short form other tests take the processor. */
const probeMs = isLong ? 2000 : 10_000;

interface Probes {
  readonly slowestMs: number;
  readonly failures: readonly string[];
  readonly rssMegabytesMax: number;
  readonly refused: number;
  stop(): Promise<void>;
}

/** Polls the admin port ten times a second, more often than Kubernetes and Prometheus do. */
function probe(t: ExecutionContext, system: System): Probes {
  let stopped = false;
  const failures: string[] = [];
  const probes = { slowestMs: 0, failures, rssMegabytesMax: 0, refused: 0, stop };
  const probing = (async () => {
    while (!stopped) {
      const begunAt = performance.now();
      try {
        for (const path of ['/livez', '/readyz', '/metrics']) {
          const answer = await fetch(`${system.adminUrl}${path}`, { signal: AbortSignal.timeout(probeMs) });
          if (answer.status !== 200) failures.push(`${path}: ${answer.status}`);
          await answer.text();
        }
        const { workers } = await system.status();
        probes.rssMegabytesMax = Math.max(
          probes.rssMegabytesMax,
          ...workers.map((one) => one.rssMegabytes ?? 0),
        );
        probes.refused = workers.reduce((sum, one) => sum + one.refusedRequests, 0);
      } catch (error) {
        failures.push(String(error));
      }
      probes.slowestMs = Math.max(probes.slowestMs, performance.now() - begunAt);
      await sleep(100);
    }
  })();
  async function stop(): Promise<void> {
    stopped = true;
    await probing;
  }
  t.teardown(stop);
  return probes;
}

const wellBehaved = (t: ExecutionContext, port: number): Traffic =>
  startTraffic(t, {
    port,
    connections: 10,
    perSecond: 20,
    path: '/search?starts_at=2021-02-10&ends_at=2021-02-11',
  });

/**
 * No process has crashed, and all are ready. In the short form, which runs at the same time as other tests, the watchdog may have
 * taken a worker that was kept from the processor for one that hangs: once, and not in a loop.
 */
async function nobodyDied(t: ExecutionContext, system: System): Promise<void> {
  await until('all workers are ready', async () =>
    (await system.status()).workers.every(({ ready }) => ready),
  );
  const { workers } = await system.status();
  for (const { restarts } of workers) t.true(restarts <= (isLong ? 0 : 1), `${restarts} restarts`);
}

/** Connections that send one byte of their headers each second, and never the last. */
function drip(
  t: ExecutionContext,
  port: number,
  count: number,
): { readonly open: number; readonly opened: number; stop(): void } {
  const sockets = new Set<Socket>();
  let stopped = false;
  const drips = { open: 0, opened: 0, stop };
  const open = (): void => {
    if (stopped) return;
    const socket = connect(port, '127.0.0.1', () => {
      drips.open++;
      drips.opened++;
      socket.write('GET /search HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    });
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (socket.bytesWritten > 0) drips.open--;
      sockets.delete(socket);
      setTimeout(open, 100);
    });
    socket.resume();
  };
  for (let i = 0; i < count; i++) open();
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x');
  }, 1000);
  function stop(): void {
    stopped = true;
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  }
  t.teardown(stop);
  return drips;
}

test.serial('a thousand connections that never finish their request prevent no other answer', async (t) => {
  t.timeout(120_000);
  const { system, port } = await startStage(t);
  const slow = drip(t, port, 1000);
  const traffic = wellBehaved(t, port);
  const probes = probe(t, system);
  await sleep(isLong ? 60_000 : 14_000);
  const { open, opened } = slow;
  slow.stop();
  await traffic.stop();
  await probes.stop();
  figure(
    t,
    'slowloris, 1,000 connections',
    `${traffic.failed} of ${traffic.answered} well-behaved searches failed, p99 ${rounded(traffic.latencyMs(0.99))}; ${opened - open} slow connections closed; probes within ${rounded(probes.slowestMs)}; at most ${probes.rssMegabytesMax} MB per worker`,
  );
  t.is(traffic.failed, 0, JSON.stringify([...traffic.faults]));
  t.deepEqual(probes.failures, []);
  t.true(opened > open, 'those that take too long for their headers are closed');
  await nobodyDied(t, system);
});

// In the short form, test/http/overload.test.ts has a server alone refuse what is too much.
longTest(test.serial)(
  'connections ten times over the limit are refused in time, and small requests are answered',
  async (t) => {
    t.timeout(300_000);
    // An answer of about 4 MB, or 20 MB in the long form: a worker sends about a hundred, or a dozen, of them per second.
    const simulator = await startSimulator({ port: 0 });
    t.teardown(() => simulator.close().catch(() => undefined));
    const bases = isLong ? 100_000 : 20_000;
    const { system, port } = await startStage(
      t,
      {
        PROVIDER_URL: `${simulator.url}/generated?bases=${bases}&zonesPerPlan=1&offlineShare=0`,
        POLL_SECONDS: '3600',
      },
      bases,
    );
    const probes = probe(t, system);
    const alone = wellBehaved(t, port);
    await sleep(2000);
    await alone.stop();
    const seconds = isLong ? 30 : 8;
    const greedy = run(t, 'test/_chaos/greedy.ts', { PORT: String(port), CONNECTIONS: '1000' });
    await sleep(1000);
    const traffic = startTraffic(t, {
      port,
      connections: 10,
      perSecond: 20,
      path: '/search?starts_at=2026-03-03T20:00:00Z&ends_at=2026-03-03T20:30:00Z',
      timeoutMs: isLong ? 2000 : 5000,
    });
    await sleep(seconds * 1000);
    await traffic.stop();
    greedy.kill('SIGTERM');
    t.is(await greedy.ended, 0);
    await probes.stop();
    const seen = JSON.parse(greedy.output()) as Record<string, number>;
    figure(
      t,
      'overload: 1,000 connections ask for everything',
      `${traffic.failed} of ${traffic.answered + traffic.failed} well-behaved searches failed, p99 ${rounded(traffic.latencyMs(0.99))}; the others saw ${JSON.stringify(seen)}; probes within ${rounded(probes.slowestMs)}; at most ${probes.rssMegabytesMax} MB per worker`,
    );
    // When other tests use the processor, some answers are late; no other fault is allowed.
    t.is(traffic.refused, 0, 'who asks for little is never refused');
    t.true(traffic.answered > traffic.failed * (isLong ? 10 : 1), JSON.stringify([...traffic.faults]));
    t.true((seen['503'] ?? 0) > 0, 'the greedy are refused');
    t.deepEqual(probes.failures, []);
    await nobodyDied(t, system);
  },
);
