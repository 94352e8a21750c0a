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

/** The row of an operation is a button. A link in it, to what the button opens, cannot be used with a screen reader. */
const withoutNestedLinks = {
  wrapComponents: {
    DeepLink:
      (Original, { React }) =>
      (props) =>
        props.path.includes('/') ? props.text : React.createElement(Original, props),
  },
};

/** Which elements Swagger UI leaves without a name, or gives one that differs from the text in them, and their names. */
const names = [
  ['#servers', () => 'Server'],
  ['.close-modal', () => 'Close'],
  ['.examples-select-element', () => 'Example'],
  ['.body-param__text', () => 'Request body'],
  ['.auth-btn-wrapper button', (button) => button.textContent],
  ['.json-schema-2020-12-accordion', (button) => button.textContent || 'Schema'],
  [
    '[data-param-name] :is(input, select, textarea)',
    (one) => one.closest('[data-param-name]').dataset.paramName,
  ],
];

/** For screen readers and the keyboard: fields and buttons have names, and keys scroll answers. */
function complete(page) {
  for (const [selector, nameOf] of names)
    for (const one of page.querySelectorAll(selector)) one.ariaLabel = nameOf(one);
  for (const answer of page.querySelectorAll('.microlight:not(.example)')) answer.tabIndex = 0;
}

const show = (contract) => {
  shorten(contract);
  const page = document.querySelector('#docs');
  new MutationObserver(() => complete(page)).observe(page, { childList: true, subtree: true });
  globalThis.SwaggerUIBundle({
    spec: { ...contract, paths: resolved(contract, contract.paths) },
    dom_id: '#docs',
    docExpansion: 'list',
    tryItOutEnabled: true,
    deepLinking: true,
    syntaxHighlight: { theme: 'tomorrow-night' },
    plugins: [isResolved, withoutNestedLinks],
  });
};
const showFault = (error) => (document.querySelector('#docs').textContent = String(error));
fetch('/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch(showFault);
