// The report on a feed, as text and as JSON.

import type { Finding } from '#/domain/report.ts';
import type { Examination } from './examine.ts';

export function renderJson(source: string, examination: Examination): string {
  const { format, timeZone, bytes, records, events, online, offline, zones, incomplete } = examination;
  const report = {
    source,
    format,
    timeZone,
    bytes,
    records,
    events: { total: events, online, offline },
    zones,
    firstStart: instantText(examination.firstStart),
    lastStart: instantText(examination.lastStart),
    complete: incomplete === null,
    incomplete: incomplete === null ? null : { code: incomplete.code, message: incomplete.message },
    findings: examination.findings.map(({ code, severity, times, message, place, baseId, planId }) => {
      return { code, severity, times, place, baseId, planId, message };
    }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function renderText(source: string, examination: Examination): string {
  const { format, timeZone, bytes, records, events, online, offline, zones, incomplete, findings } =
    examination;
  const [first, last] = [instantText(examination.firstStart), instantText(examination.lastStart)];
  const rows = [
    ['feed', source],
    ['format', format ?? 'unknown'],
    ['time zone', timeZone],
    ['bytes', number(bytes)],
    ['records', number(records)],
    ['events', `${number(events)} (${number(online)} online, ${number(offline)} offline)`],
    ['zones', number(zones)],
    ['starts', first === null || last === null ? 'none' : `${first} to ${last}`],
    ['complete', incomplete === null ? 'yes' : `no, ${incomplete.code}: ${visible(incomplete.message)}`],
    ['findings', findings.length === 0 ? 'none' : ''],
  ] as const;
  const head = rows.map(([name, text]) => `${name.padEnd(11)}${text}`.trimEnd());
  return `${[...head, ...findings.map(findingText)].join('\n')}\n`;
}

function findingText({ code, severity, times, message, place, baseId, planId }: Finding): string {
  const where = [
    place === null ? '' : `at ${place.line}:${place.column}`,
    baseId === null ? '' : `base ${visible(baseId)}`,
    planId === null ? '' : `plan ${visible(planId)}`,
  ];
  const first = where.filter((part) => part !== '').join(', ');
  return `  ${severity.padEnd(8)} ${code}, ${number(times)} ×${first === '' ? '' : `, first ${first}`}\n           ${visible(message)}`;
}

/** Text of a feed must not control the terminal of the person who reads the report. */
// oxlint-disable-next-line no-control-regex -- these characters are replaced
const visible = (text: string): string => text.replaceAll(/[\0-\x1f\x7f-\x9f]/g, '\u{fffd}');

const number = (value: number): string => value.toLocaleString('en');

const instantText = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z');
