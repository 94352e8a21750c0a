// `npm run snapshots:diff`: compares two versions of the catalogue, of one snapshot store or of two.

import { runCommand, UsageError } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { compareVersions } from '#/store/diff/compare.ts';
import { cursorIn, pageOf, type DiffPage } from '#/store/diff/page.ts';
import type { EventObject } from '#/store/diff/event-object.ts';
import { openSide } from './diff/side.ts';

const help = `Usage: npm run snapshots:diff -- FROM[@VERSION] TO[@VERSION] [--limit N] [--prefix NAME] [--json]
                                 [--help] [--version]

Prints the events that were added (+), changed (~) and removed (-) from one version to the other. FROM and TO are
each a DATA_DIR, a directory of snapshots, or a Redis URL in the form of REDIS_URL. Without VERSION, the served one is read.
Segments that both versions have are not read.

  --limit N       events of each kind to print, 1 to 100000; default: 20
  --prefix NAME   the REDIS_PREFIX; default: marquee
  --json          print one JSON object with all fields

Exit codes: 0 the versions have the same events, 1 they differ, 2 a version cannot be read or is too large, 64 the command
line is not valid.
`;

const options = {
  limit: { type: 'string' },
  prefix: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const exitCodes = { same: 0, differ: 1, failed: 2 } as const;
const limitDefault = '20';

async function run(texts: readonly string[], limit: number, prefix: string, json: boolean): Promise<number> {
  const [first = '', second = ''] = texts;
  const from = await openSide(first, prefix);
  try {
    const to = await openSide(second, prefix);
    try {
      const comparison = await compareVersions(from, to);
      const start = cursorIn(null, comparison);
      if (start === null) throw new Error('Got no cursor of the first page.');
      const page = await pageOf(comparison, start, limit);
      process.stdout.write(json ? `${JSON.stringify(page)}\n` : linesOf(page, from.name, to.name));
      const { added, changed, removed } = page.counts;
      return added + changed + removed === 0 ? exitCodes.same : exitCodes.differ;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

function linesOf(
  { added, changed, removed, counts, next_cursor: more }: DiffPage,
  from: string,
  to: string,
): string {
  const lines = [
    `${from} to ${to}: ${counts.added} added, ${counts.changed} changed, ${counts.removed} removed`,
    ...added.map((event) => `+ ${nameOf(event)}`),
    ...changed.map(({ before, after, fields }) => {
      const values = fields.map(
        (name) => `${name} ${JSON.stringify(before[name])} to ${JSON.stringify(after[name])}`,
      );
      return `~ ${nameOf(after)}: ${values.join(', ')}`;
    }),
    ...removed.map((event) => `- ${nameOf(event)}`),
  ];
  if (more !== null) lines.push('There are more events: --limit prints more of them.');
  return `${lines.join('\n')}\n`;
}

/** Titles are as the feeds have them: as JSON, they cannot change a terminal. */
const nameOf = (event: EventObject): string =>
  [event['id'], event['start_date'], event['start_time'], JSON.stringify(event['title'])].join(' ');

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options, operands: 'STORE' }, async (values, operands) => {
    const { limit = limitDefault, prefix = 'marquee', json = false } = values;
    if (operands.length !== 2) throw new UsageError(`Got ${operands.length} stores, expected two.`);
    if (!/^[1-9]\d{0,5}$/.test(limit) || Number(limit) > 100_000)
      throw new UsageError(`Got --limit ${limit}, expected a whole number from 1 to 100000.`);
    try {
      return await run(operands, Number(limit), prefix, json);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      process.stderr.write(`${messageOf(error)}\n`);
      return exitCodes.failed;
    }
  });

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
