// The files of the pages that a browser requests. Scripts are made of the modules in src/pages that they import; style sheets
// are part of the page.

export const searchFiles = ['search.js', 'icon.svg'] as const;
export const consoleFiles = ['console.js', 'icon.svg'] as const;
