import test from 'ava';
import { runMessage } from '#/ingest/feeds/run-message.ts';
import type { Finding } from '#/domain/report.ts';

const finding: Finding = {
  code: 'date_impossible',
  severity: 'error',
  times: 1,
  message: '31 September',
  place: { offset: 700, line: 18, column: 3 },
  baseId: '9',
  planId: '1643',
};
const run = { provider: 'stagedoor', outcome: 'absorbed', message: null, counts: {}, findings: [] } as const;

test('a run is one line with its changes, its faults and their places', (t) => {
  t.is(
    runMessage({
      ...run,
      counts: { records: 9, changed: 2, withdrawn: 2, quarantined: 1, added: 0 },
      findings: [{ ...finding, code: 'duplicate_event', severity: 'warning' }, finding],
    }),
    'stagedoor: 2 changed, 2 withdrawn, 1 quarantined: plan 1643, line 18: 31 September',
  );
  t.is(
    runMessage({ ...run, outcome: 'failed', message: 'Got status 503, expected 200.' }),
    'stagedoor: failed: Got status 503, expected 200.',
  );
  t.is(
    runMessage({
      ...run,
      outcome: 'incomplete',
      message: 'The feed ends early.',
      counts: { added: 3 },
      findings: [{ ...finding, planId: null }],
    }),
    'stagedoor: incomplete, 3 added: The feed ends early.: base 9, line 18: 31 September',
  );
  t.is(runMessage({ ...run, outcome: 'unchanged' }), 'stagedoor: unchanged');
  t.is(runMessage(run), 'stagedoor: absorbed');
  t.is(
    runMessage({
      ...run,
      outcome: 'incomplete',
      message: '31 September',
      counts: { added: 1 },
      findings: [{ ...finding, planId: null, baseId: null, place: null }],
    }),
    'stagedoor: incomplete, 1 added: 31 September',
  );
});
