// PostgreSQL behind Kysely: a small pool with a deadline on everything. Nothing here needs a session of its own, so that a
// pooler which gives each transaction another connection (PgBouncer's transaction mode) may stand in between.

import {
  CompiledQuery,
  PostgresAdapter,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type TransactionSettings,
} from 'kysely';
import { Pool, types as parsers, type CustomTypesConfig } from 'pg';

export interface PostgresLimits {
  readonly connections: number;
  readonly connectMs: number;
  readonly statementMs: number;
}

const usualLimits: PostgresLimits = { connections: 8, connectMs: 5000, statementMs: 60_000 };

/** PostgreSQL's number for the type `bigint`: those columns hold counters and milliseconds, far below 2^53. */
const bigint = 20;

const types: CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    type === bigint ? Number : (parsers.getTypeParser(type, format) as (value: string) => unknown),
};

/** `url` as `postgres://user:password@host:port/database?sslmode=…`. `failed`: a connection was lost. */
export function postgresDialect(
  url: string,
  failed: (error: Error) => void,
  { connections, connectMs, statementMs }: PostgresLimits = usualLimits,
): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs + 5000,
    keepAlive: true,
    application_name: 'marquee',
    types,
  });
  pool.on('error', failed);
  // In use it is the statement that fails, unless there is none just then: within a transaction, between two of them.
  pool.on('connect', (client) => client.on('error', failed));
  return new Dialect({ pool }, deadlinesOf(statementMs));
}

/** Of one transaction: a pooler refuses these as parameters of a connection, or applies them to other clients. */
const deadlinesOf = (statementMs: number): string =>
  `set local statement_timeout = ${statementMs}; set local idle_in_transaction_session_timeout = ${statementMs}`;

type Config = ConstructorParameters<typeof PostgresDialect>[0];

class Driver extends PostgresDriver {
  readonly #deadlines: string;
  constructor(config: Config, deadlines: string) {
    super(config);
    this.#deadlines = deadlines;
  }

  /** In one message: a transaction that has begun has its deadlines. */
  override async beginTransaction(
    connection: DatabaseConnection,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const isolation = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    const begin = `start transaction${isolation} ${accessMode ?? ''}`;
    await connection.executeQuery(CompiledQuery.raw(`${begin}; ${this.#deadlines}`));
  }
}

/** Kysely's own lock belongs to a session. Migrations run in a transaction that holds a lock instead: see archive.ts. */
class Adapter extends PostgresAdapter {
  override acquireMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
  override releaseMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
}

class Dialect extends PostgresDialect {
  readonly #config: Config;
  readonly #deadlines: string;
  constructor(config: Config, deadlines: string) {
    super(config);
    this.#config = config;
    this.#deadlines = deadlines;
  }
  override createDriver(): Driver {
    return new Driver(this.#config, this.#deadlines);
  }
  override createAdapter(): Adapter {
    return new Adapter();
  }
}
