// The text of `marquee status`: tables for a terminal of any width, with colour only for what needs attention.

import { styleText } from 'node:util';

interface ProcessStatus {
  readonly pid: number | null;
  readonly ready: boolean;
  readonly restarts: number;
  readonly degraded: boolean;
  readonly overLimit: string | null;
  readonly rssMegabytes: number | null;
  readonly loopDelayMs: number | null;
  readonly troubles: Readonly<Record<string, string>>;
}

interface Provider {
  readonly lastRun: {
    readonly endedAt?: number | string | null;
    readonly outcome: string;
    readonly code: string | null;
    readonly message: string | null;
  } | null;
  readonly quarantined: number;
  readonly held: number | object | null;
  readonly ask?: string;
}

/** The part of `/status` that is shown. */
export interface HostStatus {
  readonly state: string;
  readonly version: number;
  readonly events: number;
  readonly segments: number;
  readonly ageSeconds: number | null;
  readonly pinned: boolean;
  readonly stale: boolean;
  readonly ready: boolean;
  readonly uptimeSeconds: number;
  readonly workers: readonly (ProcessStatus & {
    readonly slot: number;
    readonly version: number | null;
    readonly stale: boolean;
    readonly refusals: number;
  })[];
  readonly ingest: ProcessStatus | null;
  readonly leader: { readonly host: string; readonly here: boolean } | null;
  readonly providers: Readonly<Record<string, Provider>>;
}

type Mood = 'good' | 'bad' | 'plain';
interface Cell {
  readonly text: string;
  readonly mood: Mood;
}

const plain = (value: string | number | null): Cell => ({ text: printable(value), mood: 'plain' });
const good = (text: string): Cell => ({ text, mood: 'good' });
const bad = (text: string): Cell => ({ text: printable(text), mood: 'bad' });
const colours = { good: 'green', bad: 'red' } as const;

/** Messages quote providers: control characters would change the terminal. */
const printable = (value: string | number | null): string =>
  value === null ? '-' : String(value).replaceAll(/\p{Cc}/gu, '?');

/** `stream`: where the text is written. It has colour if that is a terminal that shows it, and NO_COLOR is not set. */
export function renderStatus(status: HostStatus, stream: NodeJS.WriteStream): string {
  const shown = ({ text, mood }: Cell): string =>
    mood === 'plain' ? text : styleText(colours[mood], text, { stream, validateStream: true });
  const tables = [tableOfHost(status), tableOfProcesses(status), tableOfProviders(status)];
  const troubles = troublesOf(status).map((text) => `${shown(bad('!'))} ${printable(text)}\n`);
  return [...tables.filter((rows) => rows.length > 1).map((rows) => aligned(rows, shown)), troubles.join('')]
    .filter((text) => text !== '')
    .join('\n');
}

function tableOfHost(status: HostStatus): Cell[][] {
  const { state, ready, version, events, segments, ageSeconds, pinned, stale, uptimeSeconds, leader } =
    status;
  const marks = [...(pinned ? ['pinned'] : []), ...(stale ? ['stale'] : [])].join(', ');
  return [
    ['state', 'ready', 'version', 'events', 'segments', 'age', 'up', 'leader', ''].map(plain),
    [
      state === 'running' ? good(state) : bad(state),
      yes(ready),
      plain(version),
      plain(events),
      plain(segments),
      plain(duration(ageSeconds)),
      plain(duration(uptimeSeconds)),
      leader === null ? plain(null) : plain(leader.here ? `${leader.host} (here)` : leader.host),
      bad(marks),
    ],
  ];
}

function tableOfProcesses({ workers, ingest }: HostStatus): Cell[][] {
  const row = (name: string, one: ProcessStatus, version: number | null): Cell[] => [
    plain(name),
    plain(one.pid),
    yes(one.ready),
    plain(version),
    one.degraded ? bad(`${one.restarts} (crash loop)`) : plain(one.restarts),
    one.overLimit === null ? plain(one.rssMegabytes) : bad(`${one.rssMegabytes} (over: ${one.overLimit})`),
    plain(one.loopDelayMs),
  ];
  return [
    ['process', 'pid', 'ready', 'version', 'restarts', 'MB', 'loop ms'].map(plain),
    ...workers.map((one) => row(`api ${one.slot}`, one, one.version)),
    ...(ingest === null ? [] : [row('ingest', ingest, null)]),
  ];
}

function tableOfProviders({ providers }: HostStatus): Cell[][] {
  return [
    ['provider', 'last run', 'quarantined', 'held'].map(plain),
    ...Object.entries(providers).map(([name, { lastRun, quarantined, held, ask }]): Cell[] => [
      plain(name),
      ask === undefined ? outcomeOf(lastRun) : plain(`ask ${ask}`),
      plain(quarantined),
      held === null ? plain('no') : bad('yes'),
    ]),
  ];
}

function outcomeOf(lastRun: Provider['lastRun']): Cell {
  if (lastRun === null) return plain(null);
  const { outcome, code } = lastRun;
  const text = code === null ? outcome : `${outcome} (${code})`;
  return outcome === 'absorbed' || outcome === 'unchanged' ? good(text) : bad(text);
}

const linesOf = (name: string, troubles: Readonly<Record<string, string>>): string[] =>
  Object.entries(troubles).map(([source, message]) => `${name}: ${source}: ${message}`);

/** One line for each cause, with its process. */
function troublesOf({ workers, ingest, providers }: HostStatus): string[] {
  return [
    ...workers.flatMap(({ slot, troubles }) => linesOf(`api ${slot}`, troubles)),
    ...linesOf('ingest', ingest?.troubles ?? {}),
    ...Object.entries(providers).flatMap(([name, { lastRun }]) =>
      lastRun?.message ? [`${name}: ${lastRun.message}`] : [],
    ),
  ];
}

const yes = (is: boolean): Cell => (is ? good('yes') : bad('no'));

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** The two largest units, for example `2h 5m`. */
function duration(seconds: number | null): string | null {
  if (seconds === null) return null;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0s';
  let left = seconds;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** Columns as wide as their widest cell. Colour adds no width, so it is applied after the padding. */
function aligned(rows: readonly Cell[][], shown: (cell: Cell) => string): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  return rows
    .map((row) => {
      const cells = row.map(
        (cell, column) => shown(cell) + ' '.repeat((widths[column] ?? 0) - cell.text.length),
      );
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
