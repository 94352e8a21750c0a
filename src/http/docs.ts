// The interactive description of the API: Swagger UI, with every file served from this port.

/** Of this directory. The page has no script and no styles in its text: its security policy refuses those. */
export const ownAssets = ['show-contract.css', 'show-contract.js'] as const;

/** The files that the page needs, all others of Swagger UI. Its own page is not served: it loads an example of another API. */
export const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png', ...ownAssets] as const;

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Marquee: search events</title>
    <link rel="icon" href="/docs/assets/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="stylesheet" href="/docs/assets/show-contract.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/assets/show-contract.js"></script>
  </body>
</html>
`;
