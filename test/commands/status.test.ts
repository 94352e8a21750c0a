// `marquee status`: its text, with colour only on a terminal.

import { Writable } from 'node:stream';
import test from 'ava';
import { renderStatus, type HostStatus } from '#/commands/status/render.ts';

const process = {
  pid: 11,
  ready: true,
  restarts: 0,
  degraded: false,
  overLimit: null,
  rssMegabytes: 90,
  loopDelayMs: 10,
  troubles: {},
};
const status: HostStatus = {
  state: 'running',
  version: 42,
  events: 1000,
  segments: 7,
  ageSeconds: 7505,
  pinned: false,
  stale: true,
  ready: true,
  uptimeSeconds: 90_061,
  workers: [
    {
      slot: 0,
      version: 42,
      stale: true,
      refusals: 0,
      ...process,
      troubles: { store: 'Redis \u001b[2J is away' },
    },
    {
      slot: 1,
      version: null,
      stale: false,
      refusals: 0,
      ...process,
      pid: null,
      ready: false,
      restarts: 7,
      degraded: true,
    },
  ],
  ingest: { ...process, pid: 13 },
  leader: { host: 'other', here: false },
  providers: {
    good: { lastRun: { outcome: 'absorbed', code: null, message: null }, quarantined: 3, held: null },
    bad: {
      lastRun: { outcome: 'failed', code: 'http_status', message: 'got 503' },
      quarantined: 0,
      held: {},
    },
  },
};

const streamOf = (isTTY: boolean): NodeJS.WriteStream =>
  Object.assign(new Writable(), { isTTY }) as unknown as NodeJS.WriteStream;

test('the state of a host is three tables, and a line for each trouble', (t) => {
  t.is(
    renderStatus(status, streamOf(false)),
    `state    ready  version  events  segments  age    up     leader
running  yes    42       1000    7         2h 5m  1d 1h  other   stale

process  pid  ready  version  restarts        MB  loop ms
api 0    11   yes    42       0               90  10
api 1    -    no     -        7 (crash loop)  90  10
ingest   13   yes    -        0               90  10

provider  last run              quarantined  held
good      absorbed              3            no
bad       failed (http_status)  0            yes

! api 0: store: Redis ?[2J is away
! bad: got 503
`,
  );
});

test('on a terminal the same text has colour, and no other control characters', (t) => {
  const coloured = renderStatus(status, streamOf(true));
  t.regex(coloured, /\u001b\[32mrunning\u001b\[39m/);
  t.regex(coloured, /\u001b\[31mfailed \(http_status\)\u001b\[39m/);
  t.is(coloured.replaceAll(/\u001b\[\d+m/g, ''), renderStatus(status, streamOf(false)));
});

test('a host without ingest, providers or a snapshot is shown as well', (t) => {
  const empty = {
    ...status,
    ageSeconds: null,
    uptimeSeconds: 0,
    stale: false,
    workers: [],
    ingest: null,
    leader: null,
    providers: {},
  };
  t.is(
    renderStatus(empty, streamOf(false)),
    `state    ready  version  events  segments  age  up  leader
running  yes    42       1000    7         -    0s  -
`,
  );
});
