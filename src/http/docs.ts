// The interactive description of the API: Swagger UI, with every file served from this port.

/** The files of Swagger UI that the page needs. The package's own page is not served: it loads an example of another API. */
export const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Marquee: search events</title>
    <link rel="icon" href="/docs/assets/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script>
      // HEAD has what GET has, without a body: as operations of their own they would double the page.
      const show = (spec) => {
        for (const item of Object.values(spec.paths)) delete item.head;
        SwaggerUIBundle({
          spec,
          dom_id: '#docs',
          docExpansion: 'full',
          tryItOutEnabled: true,
          deepLinking: true,
        });
      };
      const showFault = (error) => (document.getElementById('docs').textContent = String(error));
      fetch('/openapi.json')
        .then((answer) => answer.json())
        .then(show)
        .catch(showFault);
    </script>
  </body>
</html>
`;
