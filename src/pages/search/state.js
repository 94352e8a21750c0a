// The state of the search page is the query of its URL: the parameters of /events, and two of the page itself.

/** Of /events and of /events/histogram. */
export const filterNames = [
  'starts_at',
  'ends_at',
  'match',
  'tz',
  'provider',
  'min_price',
  'max_price',
  'available',
  'q',
];
const orderNames = ['sort_by', 'sort_dir'];
/** `period` stands for bounds that move with the time; `event` is the id of the event that is shown. */
const ownNames = ['period', 'event'];
const names = [...ownNames, ...filterNames, ...orderNames];
const valueMax = 300;

/** Unknown names and empty values are left out. */
export function readState(search) {
  const given = new URLSearchParams(search);
  const state = {};
  for (const name of names) {
    const value = (given.get(name) ?? '').trim();
    if (value !== '' && value.length <= valueMax) state[name] = value;
  }
  return state;
}

/** The path of the page with its query, the names always in the same order. */
export function pathOf(state) {
  const query = queryOf(state, names);
  return query === '' ? '/' : `/?${query}`;
}

/** The path of a request for `state`, whose `period` is replaced by `bounds` already. `more`: further parameters. */
export function requestOf(path, state, more = {}) {
  const wanted = path === '/events' ? [...filterNames, ...orderNames] : filterNames;
  const query = queryOf({ ...state, ...more }, [...wanted, ...Object.keys(more)]);
  return query === '' ? path : `${path}?${query}`;
}

/** Without what only orders or shows. */
export const isFiltered = (state) => ['period', ...filterNames].some((name) => name !== 'tz' && state[name]);

/** Which filters /search does not have. */
export const beyondSearch = (state) =>
  filterNames
    .slice(2)
    .filter((name) => name !== 'tz' && state[name] !== undefined && state[name] !== 'within');

function queryOf(state, wanted) {
  const query = new URLSearchParams();
  for (const name of wanted) if (state[name] !== undefined) query.set(name, state[name]);
  return query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
}
