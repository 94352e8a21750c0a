// The plots of the search suite's report.

import { median } from 'simple-statistics';
import type { ProcessSample, SampledProcess } from '../kit/process-samples.ts';
import type { LinePlot, Plot } from '../page/plot.ts';
import type { MeasuredCase } from './case.ts';
import type { MeasuredMemory } from './memory.ts';
import type { Measured } from './measured.ts';
import { curveOf } from './server-rounds.ts';

export function plotsOf({ cases, rates, memory, processes }: Measured): Plot[] {
  return [
    {
      kind: 'bars',
      title: 'Requests per second at saturation',
      unit: '/s',
      bars: cases.flatMap((one) => [
        { group: `${one.catalogue}: ${one.name}`, name: 'bare node:http', value: median(one.bare.perSecond) },
        { group: `${one.catalogue}: ${one.name}`, name: 'search', value: median(one.search.perSecond) },
      ]),
    },
    {
      kind: 'lines',
      title: 'Latency at fixed rates, from when a request was due',
      x: 'percentile',
      unit: 'ms',
      series: rates.map(({ wanted, name, curve }) => ({ name: `${wanted}/s, ${name}`, points: curve })),
    },
    ...cases.map(latencyPlot),
    ...processPlots(processes),
    ...(memory === null ? [] : [memoryPlot(memory)]),
  ];
}

const memoryPlot = ({ points }: MeasuredMemory): LinePlot => ({
  kind: 'lines',
  title: 'Memory of all workers under all-different queries',
  x: 'seconds',
  unit: 'MB',
  series: [{ name: 'resident', points: points.map(([second, bytes]) => [second, bytes / 1e6] as const) }],
});

const latencyPlot = ({ catalogue, name, bare, search }: MeasuredCase): LinePlot => ({
  kind: 'lines',
  title: `Latency at saturation, ${catalogue}: ${name}`,
  x: 'percentile',
  unit: 'ms',
  series: [
    { name: 'bare node:http', points: curveOf(bare) },
    { name: 'search', points: curveOf(search) },
  ],
});

/** Event-loop delay and memory over time. Ingest has a plot of its own: no request waits for its event loop. */
function processPlots(processes: readonly SampledProcess[]): LinePlot[] {
  const ofRole = (role: string): SampledProcess[] =>
    processes.filter((one) => one.role === role && one.samples.length > 0);
  const [workers, ingest] = [ofRole('api'), ofRole('ingest')];
  const from = Math.min(...[...workers, ...ingest].map(({ samples }) => samples[0]?.at ?? Infinity));
  const plot = (
    title: string,
    unit: string,
    of: readonly SampledProcess[],
    value: (sample: ProcessSample) => number,
  ): LinePlot => ({
    kind: 'lines',
    title,
    x: 'seconds',
    unit,
    series: of.map(({ role, pid, samples }) => ({
      name: `${role === 'api' ? 'API worker' : role} ${pid}`,
      points: samples.map((sample) => [(sample.at - from) / 1000, value(sample)] as const),
    })),
  });
  return [
    plot(
      'Event-loop delay of the workers, p99 of each half second',
      'ms',
      workers,
      ({ delayP99Ms }) => delayP99Ms,
    ),
    plot('Event-loop delay of the workers, longest', 'ms', workers, ({ delayMaxMs }) => delayMaxMs),
    plot('Event-loop delay of ingest, longest', 'ms', ingest, ({ delayMaxMs }) => delayMaxMs),
    plot('Resident memory', 'MB', [...workers, ...ingest], ({ rssBytes }) => rssBytes / 1e6),
  ];
}
