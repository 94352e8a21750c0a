// The programs that tests run in addition to Node: where each is found, the Debian package that installs it, and what is not
// tested without it. A missing program never fails a test.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface TestProgram {
  readonly debianPackage: string;
  /** What is not tested when it is missing. */
  readonly tests: string;
  /** Directories in addition to those of the PATH. */
  readonly places?: readonly string[];
}

const postgresPlaces = ['18', '17', '16', '15', '14'].map((version) => `/usr/lib/postgresql/${version}/bin`);
const postgres = {
  debianPackage: 'postgresql',
  tests: 'the archive in PostgreSQL, failover between hosts',
  places: postgresPlaces,
};

export const programs = {
  'redis-server': { debianPackage: 'redis-server', tests: 'snapshots, leases and announcements over Redis' },
  postgres,
  initdb: postgres,
  pgbouncer: {
    debianPackage: 'pgbouncer',
    tests: 'the archive behind a connection pooler',
    places: ['/usr/sbin'],
  },
  prometheus: { debianPackage: 'prometheus', tests: 'metrics as a real Prometheus reads them' },
  promtool: { debianPackage: 'prometheus', tests: 'alert rules and the format of metrics' },
  chromium: { debianPackage: 'chromium', tests: 'answers and reports in a real browser' },
  strace: { debianPackage: 'strace', tests: 'death at every write of ingest' },
  haproxy: { debianPackage: 'haproxy', tests: "the load balancer's configuration" },
  openssl: { debianPackage: 'openssl', tests: 'feeds over HTTPS' },
  curl: { debianPackage: 'curl', tests: 'gzipped answers as curl reads them' },
  'systemd-analyze': { debianPackage: 'systemd', tests: "the service's unit" },
  'systemd-notify': { debianPackage: 'systemd', tests: 'messages to systemd' },
  perl: { debianPackage: 'perl', tests: 'the socket of systemd' },
  python3: { debianPackage: 'python3', tests: 'gzipped answers as Python reads them' },
} as const satisfies Readonly<Record<string, TestProgram>>;

export type ProgramName = keyof typeof programs;

/** The path of a program; null when it is not installed. */
export function programAt(name: ProgramName): string | null {
  const { places = [] }: TestProgram = programs[name];
  const directories = [...places, ...(process.env['PATH'] ?? '').split(delimiter)];
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null;
}

/** Tests that need the program are skipped when this is false; the runner lists missing programs at the end. */
export const isInstalled = (name: ProgramName): boolean => programAt(name) !== null;

export function missingPrograms(): ProgramName[] {
  return (Object.keys(programs) as ProgramName[]).filter((name) => !isInstalled(name));
}

/** The Debian packages of some programs, each once. */
export const packagesOf = (names: readonly ProgramName[]): string[] => [
  ...new Set(names.map((name) => programs[name].debianPackage)),
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
