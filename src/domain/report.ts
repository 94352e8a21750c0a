// The findings of a feed, for its maker: each kind of fault once, with its count and the place of the first occurrence.

import type { ParsedRecord, Place } from './record.ts';
import type { Refusal } from './refusal.ts';

/** error: something could not be read · warning: it was read, but was repaired, is partly unknown, or is probably wrong. */
export type Severity = 'error' | 'warning';

export interface Finding {
  /** Stable: `date_impossible`, `duplicate_event`, … */
  readonly code: string;
  readonly severity: Severity;
  readonly times: number;
  /** From here to `planId`: the first occurrence. */
  readonly message: string;
  readonly place: Place | null;
  readonly baseId: string | null;
  readonly planId: string | null;
}

export interface Report {
  addRecord(record: Omit<ParsedRecord, 'observations'>): void;
  /** A fault of the feed as a whole. */
  addFault(refusal: Refusal, severity?: Severity): void;
  /** Errors first, then by count. */
  findings(): Finding[];
}

/** There are fewer kinds than this; it is a safety limit. */
const kindsMax = 100;

export function createReport(): Report {
  const kinds = new Map<string, Finding>();

  function add(finding: Omit<Finding, 'times'>, times = 1): void {
    const known = kinds.get(finding.code);
    if (known !== undefined) kinds.set(finding.code, { ...known, times: known.times + times });
    else if (kinds.size < kindsMax) kinds.set(finding.code, { ...finding, times });
  }

  return {
    addRecord({ key, faults, duplicates, irregularClocks, remarks = [] }) {
      for (const { refusal, place, baseId, planId } of faults) {
        add({ ...refusal, severity: 'error', place, baseId, planId });
      }
      for (const { code, message, place, baseId, planId, times } of remarks) {
        add({ code, message, severity: 'warning', place, baseId, planId }, times);
      }
      const where = { severity: 'warning', place: null, baseId: key, planId: null } as const;
      const twice = 'An event appears more than once in its record; the last one is used.';
      if (duplicates > 0) add({ code: 'duplicate_event', message: twice, ...where }, duplicates);
      const changed = 'A local time falls in a clock change: it does not exist, or it exists twice.';
      if (irregularClocks > 0) add({ code: 'clock_irregular', message: changed, ...where }, irregularClocks);
    },
    addFault(refusal, severity = 'error') {
      add({ ...refusal, severity, place: null, baseId: null, planId: null });
    },
    findings() {
      return [...kinds.values()].toSorted((a, b) => rank(a) - rank(b) || b.times - a.times);
    },
  };
}

const rank = ({ severity }: Finding): number => (severity === 'error' ? 0 : 1);
