// Gives each combination of route, method and status that occurs a row of its own, for the counts of an API worker. A request
// finds its row in a table: one multiplication and one read of memory.

import { methodIndex, methods } from './methods.ts';

export interface AnswerRow {
  /** An index into the routes. */
  readonly route: number;
  readonly method: string;
  /** 100 to 599, or `statusMax` for refused under overload. */
  readonly status: number;
}

export interface AnswerRows {
  /** The row of an answer; the first answer of its kind adds one. */
  rowOf(route: number, method: string | undefined, status: number): number;
  readonly rows: readonly AnswerRow[];
}

const statusMin = 100;
export const statusMax = 600;
const statuses = statusMax - statusMin + 1;
/**
 * Clients choose the method, so the number of rows is limited: about 300 combinations are possible today. Beyond, a row stands
 * for a route and a class of status.
 */
const exactRowsMax = 600;
const statusClasses = 7;

/** The most rows there can be. */
export const rowsMax = (routes: number): number => exactRowsMax + routes * statusClasses;

export function createAnswerRows(routes: number): AnswerRows {
  /** The number of a row plus 1, by route, method and status; 0 where there is none. */
  const table = new Uint16Array(routes * methods.length * statuses);
  const rows: AnswerRow[] = [];

  function add(at: number, route: number, method: number, status: number): number {
    if (rows.length < exactRowsMax) {
      rows.push({ route, method: methods[method] as string, status });
      return (table[at] = rows.length) - 1;
    }
    // Full: one of the rows that are kept for each route and class.
    const common = Math.trunc(status / 100) * 100;
    const found = rows.findIndex(
      (row, i) => i >= exactRowsMax && row.route === route && row.status === common,
    );
    table[at] = found === -1 ? rows.push({ route, method: '_OTHER', status: common }) : found + 1;
    return table[at] - 1;
  }

  return {
    rows,
    rowOf(route, method, status) {
      const known = status < statusMin ? statusMin : status > statusMax ? statusMax : status;
      const verb = methodIndex(method);
      const at = (route * methods.length + verb) * statuses + known - statusMin;
      const row = table[at] as number;
      return row === 0 ? add(at, route, verb, known) : row - 1;
    },
  };
}
