// Values of events as text, and the fields of an event before and after a change.

import { el } from '#/pages/common/dom.js';

const zonesMax = 20;

const textOf = (value) => {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const zoneText = ({ id, name, price, capacity }) =>
  `${name ?? `zone ${id}`}: ${textOf(price)}${capacity === null ? '' : `, ${capacity} places`}`;

/** Of a list of zones, those that the other side does not have. */
function sideOf(value, other) {
  if (!Array.isArray(value)) return textOf(value);
  const same = new Set((Array.isArray(other) ? other : []).map((one) => JSON.stringify(one)));
  const own = value.filter((one) => !same.has(JSON.stringify(one)));
  const more = own.length > zonesMax ? `; and ${own.length - zonesMax} more` : '';
  return own.length === 0 ? 'none' : own.slice(0, zonesMax).map(zoneText).join('; ') + more;
}

/** The cells of a field that changed: its name, and its value before and after. */
export const changeCells = (name, before, after) => [
  name,
  el('del', {}, sideOf(before, after)),
  el('ins', {}, sideOf(after, before)),
];

const units = ['B', 'KB', 'MB', 'GB'];

export function bytesText(bytes) {
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export const countText = (count) => count.toLocaleString('en-GB');

/** A number with a bar: how much it is of the largest. */
export const barOf = (value, max, text) => [
  el('meter', { min: 0, max: Math.max(1, max), value, 'aria-hidden': 'true' }),
  ` ${text}`,
];
