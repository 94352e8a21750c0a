// How Chromium starts, for tests and for programs that are none.

/** How long a browser may take to start and to load a page. */
export const browserMs = 90_000;

export const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-extensions',
  '--disable-background-networking',
];
