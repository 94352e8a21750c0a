// A TCP proxy between a client and a server that simulates a bad network: it delays, drops, stalls and resets.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Ending } from '../_servers/ending.ts';

export interface Weather {
  /** The delay of each byte, and of each end of a connection, in each direction. */
  readonly delayMs: number;
  /** Accepts new connections, and drops everything that is sent on any connection. */
  readonly drops: boolean;
  /** Holds everything back while it lasts, and passes it on afterwards. */
  readonly stalls: boolean;
}

export interface Proxy {
  readonly port: number;
  readonly url: string;
  /** Sets the faults from now on; those that are absent are off. */
  weather(weather: Partial<Weather>): void;
  /** Resets every connection, on both sides. Returns how many there were. */
  reset(): number;
  readonly connections: number;
  /** New connections go to this port from now on, as when a name resolves to another address. */
  retarget(port: number): void;
}

const fair: Weather = { delayMs: 0, drops: false, stalls: false };

export async function startProxy(ending: Ending, targetPort: number): Promise<Proxy> {
  let now = fair;
  let toPort = targetPort;
  const pairs = new Set<readonly [Socket, Socket]>();
  const waiting: (() => void)[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = connect({ port: toPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const pair = [client, target] as const;
    pairs.add(pair);
    pass(client, target);
    pass(target, client);
  });

  function pass(from: Socket, to: Socket): void {
    const later = inOrder();
    from.on('data', (bytes: Buffer) => {
      if (!now.drops) later(() => void (to.writable && to.write(bytes)));
    });
    from.on('end', () => later(() => to.end()));
    from.on('error', () => later(() => void (to.destroyed || to.resetAndDestroy())));
    from.on('close', () => {
      for (const pair of pairs)
        if (pair.includes(from) && pair.every(({ destroyed }) => destroyed)) pairs.delete(pair);
    });
  }

  /** Runs actions after the delay, in order, and none while the proxy stalls. */
  function inOrder(): (act: () => void) => void {
    const queue: { at: number; act: () => void }[] = [];
    let isWaiting = false;
    const run = (): void => {
      isWaiting = false;
      while (queue[0] !== undefined) {
        const waitMs = queue[0].at - performance.now();
        if (now.stalls || waitMs > 0) {
          isWaiting = true;
          if (now.stalls) waiting.push(run);
          else setTimeout(run, waitMs);
          return;
        }
        queue.shift()!.act();
      }
    };
    return (act) => {
      queue.push({ at: performance.now() + now.delayMs, act });
      if (!isWaiting) run();
    };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: Proxy = {
    port,
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return pairs.size;
    },
    weather(weather) {
      now = { ...fair, ...weather };
      if (!now.stalls) for (const run of waiting.splice(0)) run();
    },
    retarget: (to) => void (toPort = to),
    reset() {
      const { size } = pairs;
      for (const socket of [...pairs].flat()) socket.resetAndDestroy();
      pairs.clear();
      return size;
    },
  };
  ending.teardown(() => {
    proxy.reset();
    server.close();
  });
  return proxy;
}
