// Random queries of a search: most are nearly valid.

import type { Random } from './random.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** Mostly an instant; months, days and hours slightly exceed the valid range. */
function randomInstant(random: Random): string {
  const date = `${random.pick(['2021', '2024', '1900', '0000', '9999'])}-${two(random.int(0, 13))}-${two(random.int(0, 32))}`;
  if (random.chance(0.3)) return date;
  const colon = random.pick([':', ':', '%3A', '%3a', '%3B', '']);
  const time = [random.int(0, 24), random.int(0, 60), random.int(0, 60)].map(two).join(colon);
  const fraction = random.pick(['', '', '.000', '.123', '.1', '.1239', '.']);
  return `${date}${random.pick(['T', 'T', 'T', 't', ' ', '+'])}${time}${fraction}${random.pick(['Z', 'Z', '', 'z', '+02:00', '%2B02:00'])}`;
}

export function randomQuery(random: Random): string {
  const parameter = (): string =>
    `${random.pick(['starts_at', 'starts_at', 'ends_at', 'ends_at', 'page', 'starts_a%74', ''])}${random.pick(['=', '=', '=', ''])}${randomInstant(random)}`;
  const query = Array.from({ length: random.pick([0, 1, 2, 2, 2, 3]) }, parameter).join(
    random.pick(['&', '&', '&', '&&', ';']),
  );
  if (random.chance(0.8)) return query;
  // One character is removed, doubled or replaced.
  const at = random.int(0, query.length);
  return (
    query.slice(0, at) +
    random.pick(['', query.charAt(at) + query.charAt(at), '\u0660', '0', '&', '%']) +
    query.slice(at + 1)
  );
}
