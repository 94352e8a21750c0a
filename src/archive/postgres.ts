// PostgreSQL behind Kysely: a small pool with a deadline on everything.

import { PostgresDialect } from 'kysely';
import { Pool, types as parsers, type CustomTypesConfig } from 'pg';

const connectionsMax = 8;
const connectMs = 5000;
const statementMs = 60_000;

/** PostgreSQL's number for the type `bigint`: those columns hold counters and milliseconds, far below 2^53. */
const bigint = 20;

const types: CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    type === bigint ? Number : (parsers.getTypeParser(type, format) as (value: string) => unknown),
};

/** `url` as `postgres://user:password@host:port/database?sslmode=…`. `failed`: a connection was lost. */
export function postgresDialect(url: string, failed: (error: Error) => void): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + 5000,
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
    application_name: 'marquee',
    types,
  });
  pool.on('error', failed);
  // In use it is the statement that fails, unless there is none just then: within a transaction, between two of them.
  pool.on('connect', (client) => client.on('error', failed));
  return new PostgresDialect({ pool });
}
