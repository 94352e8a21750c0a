// The files of the pages, in src/pages. Each name is unique, as its directory is not part of its URL.

export const commonFiles = ['page.css', 'dom.js', 'ask.js', 'copy.js', 'icon.svg'] as const;

export const searchFiles = [
  'search.css',
  'search.js',
  'state.js',
  'periods.js',
  'filters.js',
  'strip.js',
  'list.js',
  'event.js',
  'wording.js',
] as const;

export const consoleFiles = [
  'console.css',
  'console.js',
  'views.js',
  'actions.js',
  'overview.js',
  'providers.js',
  'versions.js',
  'act.js',
  'links.js',
  'changes.js',
  'excerpt.js',
  'explain.js',
  'explorer.js',
  'held.js',
  'more.js',
  'sizes.js',
  'values.js',
] as const;
