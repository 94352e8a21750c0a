// The views of the console, in the order of the navigation. A view is one file. It exports:
//   name   the value of `view` in the URL; empty for the first view
//   title  its text in the navigation
//   show   resolves with its elements; the first `h2` is the title of the page. It receives
//          signal: aborts when another view is opened; query: the parameters of the URL;
//          again: shows the view again; go: opens a URL of the console

import * as actions from './actions.js';
import * as explain from './explain.js';
import * as explorer from './explorer.js';
import * as overview from './overview.js';
import * as providers from './providers.js';
import * as versions from './versions.js';

export const views = [overview, providers, explain, versions, explorer, actions];
