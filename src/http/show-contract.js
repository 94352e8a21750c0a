// Runs in the browser, on the documentation page: shows the contract with Swagger UI.

/** A copy of `value` in which each reference within the document is replaced by what it refers to. No schema contains itself. */
function resolved(document, value) {
  if (Array.isArray(value)) return value.map((one) => resolved(document, one));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') {
    const names = value.$ref.split('/').slice(1);
    return resolved(
      document,
      names.reduce((at, name) => at[name], document),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(document, one)]));
}

/** Swagger UI would resolve the whole contract again for each operation, which takes seconds. Here all of it is resolved already. */
const isResolved = {
  statePlugins: {
    spec: {
      wrapActions: { requestResolvedSubtree: () => () => undefined },
      wrapSelectors: { specResolvedSubtree: () => (state, path) => state.getIn(['json', ...path]) },
    },
  },
};

/**
 * Leaves out what would only repeat itself: HEAD has what GET has, without a body, and every operation has the same refusals of
 * requests that are not valid HTTP.
 */
function shorten({ paths }) {
  for (const item of Object.values(paths)) delete item.head;
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  for (const [status, { $ref }] of Object.entries(operations[0].responses))
    if ($ref !== undefined && operations.every(({ responses }) => responses[status]?.$ref === $ref))
      for (const { responses } of operations) delete responses[status];
}

const show = (contract) => {
  shorten(contract);
  globalThis.SwaggerUIBundle({
    spec: { ...contract, paths: resolved(contract, contract.paths) },
    dom_id: '#docs',
    docExpansion: 'full',
    tryItOutEnabled: true,
    deepLinking: true,
    plugins: [isResolved],
  });
};
const showFault = (error) => (document.querySelector('#docs').textContent = String(error));
fetch('/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch(showFault);
