// Runs in the browser, on the documentation page: shows the contract with Swagger UI.

const operationsOf = ({ paths }) => Object.values(paths).flatMap((item) => Object.values(item));

/**
 * Leaves out what would only repeat itself: HEAD has what GET has, without a body, and every operation has the same refusals of
 * requests that are not valid HTTP. Swagger UI resolves the whole contract again for each operation, which takes seconds.
 */
function shorten(spec) {
  for (const item of Object.values(spec.paths)) delete item.head;
  const operations = operationsOf(spec);
  for (const [status, { $ref }] of Object.entries(operations[0].responses))
    if ($ref !== undefined && operations.every(({ responses }) => responses[status]?.$ref === $ref))
      for (const { responses } of operations) delete responses[status];
}

const show = (spec) => {
  shorten(spec);
  globalThis.SwaggerUIBundle({
    spec,
    dom_id: '#docs',
    docExpansion: 'full',
    tryItOutEnabled: true,
    deepLinking: true,
  });
};
const showFault = (error) => (document.querySelector('#docs').textContent = String(error));
fetch('/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch(showFault);
