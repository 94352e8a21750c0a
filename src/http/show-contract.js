// Runs in the browser, on the documentation page: shows the contract with Swagger UI.

// HEAD has what GET has, without a body: as operations of their own they would double the page.
const show = (spec) => {
  for (const item of Object.values(spec.paths)) delete item.head;
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
