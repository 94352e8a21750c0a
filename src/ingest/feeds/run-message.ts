// The log message of a feed run: `stagedoor: 2 changed, 1 quarantined: plan 1643, line 18: …`.

import type { RunRow } from '#/archive/runs/runs.ts';
import type { Finding } from '#/domain/report.ts';

/** The counts that the message shows, in this order. */
const kinds = ['added', 'changed', 'relisted', 'withdrawn', 'quarantined'] as const;

type RunSummary = Pick<RunRow, 'provider' | 'outcome' | 'message' | 'counts' | 'findings'>;

export function runMessage({ provider, outcome, message, counts, findings }: RunSummary): string {
  const counted = kinds.flatMap((kind) => ((counts[kind] ?? 0) > 0 ? [`${counts[kind]} ${kind}`] : []));
  const isPlain = outcome === 'absorbed' && counted.length > 0;
  const first = findings.find(({ severity, place }) => severity === 'error' && place !== null);
  const why = [message, first === undefined ? null : messageForFinding(first)].filter(
    (text) => text !== null,
  );
  return [provider, [...(isPlain ? [] : [outcome]), ...counted].join(', '), ...new Set(why)].join(': ');
}

function messageForFinding({ planId, baseId, place, message }: Finding): string {
  const subject = planId !== null ? `plan ${planId}, ` : baseId !== null ? `base ${baseId}, ` : '';
  return `${subject}line ${place?.line}: ${message}`;
}
