// What was amiss in a feed, for whoever makes it: each kind of fault once, with how often and where it was seen first.

import type { ParsedRecord, Place } from './record.ts';
import type { Refusal } from './refusal.ts';

/** error: something was not taken · warning: taken, but probably not as it was meant. */
export type Severity = 'error' | 'warning';

export interface Finding {
  /** Stable: `date_impossible`, `duplicate_event`, … */
  readonly code: string;
  readonly severity: Severity;
  readonly times: number;
  /** Of the first time. */
  readonly message: string;
  readonly place: Place | null;
  readonly baseId: string | null;
  readonly planId: string | null;
}

export interface Report {
  addRecord(record: ParsedRecord): void;
  /** A fault of the feed as a whole. */
  addFault(refusal: Refusal, severity?: Severity): void;
  /** Errors first, then by how often. */
  findings(): Finding[];
}

/** More kinds than there are; a limit all the same. */
const kindsMax = 100;

export function createReport(): Report {
  const kinds = new Map<string, Finding>();

  function add(finding: Omit<Finding, 'times'>, times = 1): void {
    const known = kinds.get(finding.code);
    if (known !== undefined) kinds.set(finding.code, { ...known, times: known.times + times });
    else if (kinds.size < kindsMax) kinds.set(finding.code, { ...finding, times });
  }

  return {
    addRecord({ key, faults, duplicates, irregularClocks, repairs = [] }) {
      for (const { refusal, place, baseId, planId } of faults) {
        add({ ...refusal, severity: 'error', place, baseId, planId });
      }
      const where = { severity: 'warning', place: null, baseId: key, planId: null } as const;
      const twice = 'An event came more than once in its record; the last one was taken.';
      if (duplicates > 0) add({ code: 'duplicate_event', message: twice, ...where }, duplicates);
      const changed = 'A local time fell where the clocks change: it never was, or was twice.';
      for (const { code, message, times } of repairs) add({ code, message, ...where }, times);
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
