// What differs between two archives, per event and field.

import { beforeAll, type ArchivedEvent, type EventReader } from '#/archive/history/events.ts';

export interface FieldDifference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Difference {
  readonly event: ArchivedEvent;
  /** `added`: only the second archive has it. `absent`: only the first one. */
  readonly kind: 'added' | 'absent' | 'changed';
  /** Of an event that both have. */
  readonly fields: readonly FieldDifference[];
}

/** Both readers give the events in the order of their ids, so each archive is read once. */
export async function* differences(first: EventReader, second: EventReader): AsyncGenerator<Difference> {
  const [before, after] = [eventsOf(first), eventsOf(second)];
  let [a, b] = [await before.next(), await after.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.id < b.value.id)) {
      if (a.done !== true) yield { event: a.value, kind: 'absent', fields: [] };
      a = await before.next();
    } else if (a.done === true || b.value.id < a.value.id) {
      yield { event: b.value, kind: 'added', fields: [] };
      b = await after.next();
    } else {
      const fields = fieldsOf(a.value, b.value);
      if (fields.length > 0) yield { event: b.value, kind: 'changed', fields };
      [a, b] = [await before.next(), await after.next()];
    }
  }
}

async function* eventsOf(reader: EventReader): AsyncGenerator<ArchivedEvent, undefined> {
  for (let last = beforeAll; ;) {
    const page = await reader.page(last);
    yield* page;
    const end = page.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

const instants: ReadonlySet<string> = new Set(['start', 'end']);

function fieldsOf(a: ArchivedEvent, b: ArchivedEvent): FieldDifference[] {
  const [one, other] = [shownOf(a), shownOf(b)];
  return Object.keys({ ...one, ...other })
    .filter((field) => one[field] !== other[field])
    .map((field) => ({ field, before: one[field] ?? null, after: other[field] ?? null }));
}

/** An event whose own record lost it is listed until a complete feed confirms that. */
function shownOf({ listing, facts }: ArchivedEvent): Record<string, unknown> {
  const { zonesHash, ...others } = facts;
  const shown = Object.entries(others).map(([name, value]): [string, unknown] => [
    name,
    instants.has(name) ? new Date(value as number).toISOString() : value,
  ]);
  const isListed = listing !== 'withdrawn';
  return { ...Object.fromEntries(shown), zones: zonesHash.slice(0, 12), listed: isListed };
}
