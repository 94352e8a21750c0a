// PostgreSQL behind Kysely: a small pool with a deadline on everything.

import { PostgresDialect } from 'kysely';
import pg from 'pg';

const connectionsMax = 8;
const connectMs = 5000;
const statementMs = 60_000;

/** `bigint` columns hold counters and milliseconds, far below 2^53: numbers, not texts. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/** `url` as `postgres://user:password@host:port/database?sslmode=…`. `failed`: an idle connection was lost. */
export function postgresDialect(url: string, failed: (error: Error) => void): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + 5000,
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
    application_name: 'marquee',
    types: types as never,
  });
  pool.on('error', failed);
  return new PostgresDialect({ pool });
}
