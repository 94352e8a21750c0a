// Messages to systemd: what happens where they cannot be sent.

import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { pino } from 'pino';
import type { Log } from '#/telemetry/log.ts';
import { serviceManagerOf } from '#/supervisor/service-manager.ts';
import { notifyIsHere, startNotifySocket } from '../_servers/notify-socket.ts';
import { directoryFor, until } from '../system/_system.ts';

const check = notifyIsHere ? test : test.skip;

const logTo = (lines: string[]): Pick<Log, 'warn'> =>
  pino({}, new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) }));

check('a socket that nobody reads gives one warning, and the messages end', async (t) => {
  const lines: string[] = [];
  const path = join(await directoryFor(t), 'nobody');
  const manager = serviceManagerOf({ NOTIFY_SOCKET: path, WATCHDOG_USEC: '30000' });
  manager.watch(() => true, logTo(lines));
  await until('it warns', () => lines.length > 0);
  await sleep(300);
  manager.stopping();
  await manager.end();
  t.is(lines.length, 1);
  t.regex(lines[0]!, /systemd does not receive (READY|WATCHDOG)=1: systemd-notify ended with 1/);
});

check(
  'a system that is not ready is not reported as ready, and a watchdog of another process is not fed',
  async (t) => {
    const lines: string[] = [];
    const socket = await startNotifySocket(t, await directoryFor(t));
    const env = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '30000', WATCHDOG_PID: '1' };
    const manager = serviceManagerOf(env);
    let polled = 0;
    manager.watch(() => polled++ < 0, logTo(lines));
    await until('it has asked', () => polled > 2);
    manager.stopping();
    await manager.end();
    await until('it arrives', () => socket.messages().length > 0);
    t.deepEqual(socket.messages(), ['STOPPING=1']);
    t.deepEqual(lines, []);
  },
);

test('without systemd nothing is sent', async (t) => {
  const manager = serviceManagerOf({ WATCHDOG_USEC: '1000' });
  manager.watch(() => t.fail(), logTo([]));
  manager.stopping();
  await manager.end();
  t.pass();
});
