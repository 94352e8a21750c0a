// The result of the search suite: tables with targets, notes, failures, and measures for a later comparison.

import { median } from 'simple-statistics';
import type { Measure, Outcome } from '../kit/bench.ts';
import { at } from '../kit/latency.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';
import { cpuRatiosOf, ratiosOf, type MeasuredCase } from './case.ts';
import { bareName, type MeasuredRate } from './fixed.ts';
import type { MeasuredMemory } from './memory.ts';
import { isReached, memoryTable, ratesTable, targets } from './tables.ts';
import type { Measured } from './measured.ts';
import { plotsOf } from './plots.ts';
import { curveOf } from './server-rounds.ts';
import { witnessNotes, witnessTable } from '../witness/witness.ts';

export function outcomeOf(measured: Measured): Outcome {
  const { plan, cases, rates, memory, witness, fault } = measured;
  return {
    title: `Search at saturation, compared with bare node:http: ${plan.workers} workers each, the median of ${plan.rounds} alternating rounds`,
    columns: [
      '',
      'events',
      'answer',
      'bare/s',
      'search/s',
      'p50',
      'p99',
      'of bare',
      'by cpu',
      'by wrk',
      'of nginx',
      'target',
      '',
    ],
    rows: cases.map(caseRow),
    more: [
      ...(rates.length > 0 ? [ratesTable(rates)] : []),
      ...(memory === null ? [] : [memoryTable(memory)]),
      ...(witness === null ? [] : [witnessTable(witness, 'point queries')]),
    ],
    failures: [
      ...(fault === null ? [] : [`the run is incomplete: ${fault}`]),
      ...cases.flatMap(({ catalogue, name, failures }) =>
        failures.map((one) => `${catalogue}, ${name}: ${one}`),
      ),
      ...rates.flatMap(({ name, wanted, failures }) => failures.map((one) => `${wanted}/s, ${name}: ${one}`)),
      ...(memory?.failures ?? []).map((one) => `memory: ${one}`),
      ...(witness?.failures ?? []).map((one) => `other tools: ${one}`),
    ],
    notes: notesOf(measured),
    measures: [
      ...cases.flatMap(caseMeasures),
      ...rates.flatMap(rateMeasures),
      ...(memory === null ? [] : [memoryMeasure(memory)]),
    ],
    plots: plotsOf(measured),
    figures: { cases, rates, memory, witness, targets },
  };
}

function caseRow(measured: MeasuredCase): string[] {
  const { catalogue, name, target, eventsPerAnswer, wireBytes, bare, search, nginx, wrk } = measured;
  const ratio = median(ratiosOf(measured));
  const rate = median(search.perSecond);
  const curve = curveOf(search);
  const cpu = cpuRatiosOf(measured);
  return [
    `${catalogue}: ${name}`,
    shortNumber(eventsPerAnswer),
    bytesOf(wireBytes),
    shortNumber(median(bare.perSecond)),
    shortNumber(rate),
    `${shortNumber(at(curve, 50))} ms`,
    `${shortNumber(at(curve, 99))} ms`,
    times(ratio),
    cpu === null ? '' : times(median(cpu)),
    wrk === null ? '' : times(wrk.search / wrk.bare),
    nginx === null ? '' : times(rate / nginx),
    target === null ? '' : `${target} ×`,
    target === null ? '' : verdict(ratio >= target),
  ];
}

const times = (ratio: number): string => `${shortNumber(ratio)} ×`;
const bytesOf = (bytes: number): string =>
  bytes < 1e6 ? `${shortNumber(bytes / 1e3)} kB` : megabytes(bytes);

function notesOf({ cases, rates, plan, witness }: Measured): string[] {
  const checked = [...cases, ...rates].reduce((sum, one) => sum + one.checked, 0);
  const slow = rates.filter((rate) => !isReached(rate));
  const late = rates.filter(({ lateP99Ms, p99Ms }) => median(lateP99Ms) > median(p99Ms) / 2);
  return [
    `${checked} answers were compared with the oracle, byte for byte.`,
    ...(cases.length === 0 ? [] : saturationNotes(cases)),
    ...(plan.others ? [] : ['The quick version leaves out the rates of wrk and nginx.']),
    ...(witness === null ? [] : witnessNotes),
    ...slow.map(
      ({ wanted, name, perSecond }) =>
        `The rate of ${wanted}/s was not reached (${name}: ${shortNumber(median(perSecond))}/s): the machine was too busy, and the latencies include a queue.`,
    ),
    ...late.map(
      ({ wanted, name }) =>
        `${wanted}/s, ${name}: most of the p99 is the delay of the driver itself, which counts as the server's.`,
    ),
  ];
}

function saturationNotes(cases: readonly MeasuredCase[]): string[] {
  const cores = cases.map(({ search }) => median(search.driverCores));
  return [
    `Driver and servers share the cores; at saturation the driver took ${shortNumber(Math.min(...cores))} to ${shortNumber(Math.max(...cores))} of them.`,
    '"of bare" is the ratio of rates; "by cpu" is the ratio of processor time per request of the workers, which does not depend on the driver; "by wrk" is the ratio of rates with a lighter driver.',
  ];
}

/** Ratios only: absolute rates depend on the machine and its load. */
function caseMeasures(measured: MeasuredCase): Measure[] {
  const name = `${measured.catalogue}: ${measured.name}`;
  const cpu = cpuRatiosOf(measured);
  return [
    { name: `${name}, of bare`, unit: '×', better: 'more', rounds: ratiosOf(measured) },
    ...(cpu === null
      ? []
      : [{ name: `${name}, of bare by cpu`, unit: '×', better: 'more' as const, rounds: cpu }]),
  ];
}

const rateMeasures = ({ catalogue, wanted, name, p99Ms }: MeasuredRate): Measure[] =>
  name === bareName
    ? []
    : [{ name: `${catalogue}: ${wanted}/s, ${name}, p99`, unit: 'ms', better: 'less', rounds: p99Ms }];

const memoryMeasure = ({ catalogue, points }: MeasuredMemory): Measure => ({
  name: `${catalogue}: memory of the workers`,
  unit: 'MB',
  better: 'less',
  rounds: points.slice(points.length >> 1).map(([, bytes]) => bytes / 1e6),
});
