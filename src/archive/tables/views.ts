// The archive as a person reads it: every change with the state before and after it, and what the search sees. Marquee itself
// asks neither.

import { factNames0006 } from '#/domain/packed/facts.ts';

export function views0006(isPostgresql: boolean): string[] {
  const create = isPostgresql ? 'create or replace view' : 'create view if not exists';
  const idText = (column: string): string => (isPostgresql ? `${column}::text` : uuidOf(column));
  /** The value at a place of a JSON array, as JSON. */
  const json = (array: string, at: number): string =>
    isPostgresql
      ? `coalesce((${array}::json -> ${at})::text, 'null')`
      : `coalesce(${array} -> '$[${at}]', 'null')`;
  const text = (array: string, name: (typeof factNames0006)[number], type: string): string => {
    const at = factNames0006.indexOf(name);
    return isPostgresql ? `(${array}::json ->> ${at})::${type}` : `${array} ->> '$[${at}]'`;
  };
  const objectOf = (facts: string): string =>
    `'{' || ${factNames0006.map((name, i) => `'"${name}":' || ${json(facts, i)}`).join(` || ',' || `)} || '}'`;
  const state = (listing: string, facts: string): string =>
    `'{"listing":' || ${listing} || ',"facts":' || ${objectOf(facts)} || '}'`;
  const told = `'"' || case listing when 'missing' then 'listed' else listing end || '"'`;
  const before = state(json('before', 0), `(${json('before', 1)})`);
  const since = state(json('since', 0), `(${json('since', 1)})`);
  const shown = 'coalesce(shown, facts)';
  return [
    `${create} history as
      select seq, event_id, run_id, at, kind, case when before is not null then ${before} end as before, ${since} as after
      from (
        select j.seq as seq, ${idText('e.id')} as event_id, j.run_id as run_id, j.at as at, j.kind as kind, j.before as before,
          coalesce(lead(j.before) over (partition by j.event order by j.seq), '[' || ${told} || ',' || e.facts || ']') as since
        from journal_entry j join known_event e on e.n = j.event) as entry`,
    `${create} searchable as
      select ${idText('id')} as id, day, ${text(shown, 'start', 'bigint')} as starts_at,
        ${text(shown, 'end', 'bigint')} as ends_at, ${text(shown, 'title', 'text')} as title,
        ${text(shown, 'startLocal', 'text')} as start_local, ${text(shown, 'endLocal', 'text')} as end_local,
        ${text(shown, 'minPrice', 'bigint')} as min_price, ${text(shown, 'maxPrice', 'bigint')} as max_price
      from known_event where day is not null`,
  ];
}

/** A blob of 16 bytes, written as a UUID. */
function uuidOf(column: string): string {
  const parts = [
    [1, 8],
    [9, 4],
    [13, 4],
    [17, 4],
    [21, 12],
  ].map(([from, length]) => `substr(hex(${column}), ${from}, ${length})`);
  return `lower(${parts.join(` || '-' || `)})`;
}
