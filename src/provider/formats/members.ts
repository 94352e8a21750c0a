// Reads the values of a JSON object, each of the type in the schema. `null` counts as absent.

import { refuse, shown } from '#/domain/refusal.ts';
import { capacityMax, noBoolean, noCapacity, type Values } from './values.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Characters that XML forbids too. They are never intended, and some databases cannot store NUL. */
// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

export const members: Values<JsonObject> = {
  text(element, name) {
    const value = element[name] ?? null;
    if (value === null) return null;
    if (typeof value !== 'string')
      return refuse('text_invalid', `Got ${name} ${seen(value)}, expected a string.`);
    return forbidden.test(value) || !value.isWellFormed()
      ? refuse('text_invalid', `Got ${name} ${shown(value)} with a character that is not allowed.`)
      : value;
  },

  boolean(element, name) {
    const value = element[name] ?? false;
    return typeof value === 'boolean' ? value : noBoolean(name, seen(value));
  },

  capacity(element, name) {
    const value = element[name];
    const fits = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= capacityMax;
    return fits ? (value as number) : noCapacity(name, seen(value));
  },

  loose(element, name) {
    const value = element[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
  },

  children(element, name) {
    const value = element[name];
    return Array.isArray(value) && value.every(isObject)
      ? value
      : refuse('array_invalid', `Got ${name} ${seen(value)}, expected an array of objects.`);
  },
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Describes a value for a message, briefly when it is large. */
function seen(value: unknown): string {
  if (typeof value === 'string') return shown(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isObject(value) ? 'an object' : 'nothing';
}
