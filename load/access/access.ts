// The cost of access control, TLS and node's permission model, and what a client far above its limit does to another.

import { redisIsHere } from '../hosts/redis.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import {
  columns as neighboursColumns,
  limit,
  measureNeighbours,
  p99Ratios,
  rowOf as neighboursRow,
  type Neighbours,
} from './neighbours.ts';
import { contend, ratiosOf, rowOf, type Compared, type Contest } from './pairs.ts';

const contests: readonly Contest[] = [
  { title: 'keys and limits, against none', with: 'guarded', without: 'port', target: 0.95 },
  { title: 'TLS, against bare node:https', with: 'tls', without: 'bare', target: null },
  { title: "node's permission model, against none", with: 'permission', without: 'plain', target: null },
];

export async function accessSuite(bench: Bench): Promise<Outcome> {
  const [processes, pairs] = bench.quick ? [2, 4] : [6, 10];
  const compared: Compared[] = [];
  for (const contest of contests) compared.push(await contend(bench, contest, processes, pairs));
  const neighbours: Neighbours[] = [];
  const [rounds, seconds] = bench.quick ? [3, 2] : [12, 4];
  const hasRedis = await redisIsHere();
  for (const hosts of hasRedis ? ([1, 2] as const) : ([1] as const))
    neighbours.push(await measureNeighbours(bench, hosts, rounds, seconds));
  return outcomeOf(compared, neighbours, hasRedis);
}

function outcomeOf(
  compared: readonly Compared[],
  neighbours: readonly Neighbours[],
  hasRedis: boolean,
): Outcome {
  const alone = neighbours.flatMap(({ hosts, rounds: all }) =>
    all.flatMap(({ alone: { failed } }) =>
      failed === 0 ? [] : [`${failed} requests without a loud client, ${hosts} hosts`],
    ),
  );
  return {
    title: 'Access: point queries at saturation; medians of pairs of rounds',
    columns: ['', 'CPU per request without', 'with', 'rate', 'by cpu', 'target', ''],
    rows: compared.map(rowOf),
    more: [
      {
        title: `A quiet client at a fixed rate, next to one that sends ten times its limit of ${limit} tokens per second, or as much to a bare server; all rounds of a kind together`,
        columns: neighboursColumns,
        rows: neighbours.map(neighboursRow),
      },
    ],
    notes: hasRedis ? [] : ['Two hosts were not measured: redis-server is not installed.'],
    failures: [...compared.flatMap(({ failures }) => failures), ...alone],
    measures: [
      ...compared.map((one) => ({
        name: `access: ${one.title}, by processor time`,
        unit: '×',
        better: 'more' as const,
        rounds: ratiosOf(one).cpu,
      })),
      ...neighbours.map((one) => ({
        name: `access: p99 next to a loud client, of one that is loud elsewhere, ${one.hosts} hosts`,
        unit: '×',
        better: 'less' as const,
        rounds: p99Ratios(one),
      })),
    ],
    figures: { compared, neighbours },
  };
}
