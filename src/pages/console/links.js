// The URLs of the console.

/** The URL of a view. Parameters that are null are left out. */
export function urlOf(name, parameters = {}) {
  const given = Object.entries({ view: name, ...parameters }).filter(
    ([, value]) => value !== null && value !== '',
  );
  return given.length === 0 ? '/' : `/?${new URLSearchParams(given)}`;
}
