// Request lines, Host and versions: RFC 9112, sections 2, 3 and 9.

import { found, host, malformed, request, type Row } from './_rfc-row.ts';

/** For both ports; PATH is a path that answers 200. */
export const targetRows: Row[] = [
  { section: '9112/3.2.1', title: 'the origin form', bytes: request('GET PATH HTTP/1.1', host), ...found },
  ...['http://x', 'HTTP://X.example:80', 'https://[::1]:8000', 'hTTps://127.0.0.1'].map((origin) => ({
    section: '9112/3.2.2',
    title: `the absolute form at ${origin}`,
    bytes: request(`GET ${origin}PATH HTTP/1.1`, 'Host: other'),
    ...found,
  })),
  {
    section: '9112/3.2.2',
    title: 'the absolute form in HTTP/1.0',
    bytes: request('GET http://xPATH HTTP/1.0'),
    status: 200,
    kept: false,
  },
  ...['http://user@x', 'http://user:secret@x', 'http://', 'ftp://x', 'http://a_b%zz', 'http://x:8o'].map(
    (origin) => ({
      section: '9110/4.2',
      title: `the absolute form at ${origin}`,
      bytes: request(`GET ${origin}PATH HTTP/1.1`, host),
      ...malformed,
    }),
  ),
  {
    section: '9112/3.2',
    title: 'the absolute form without Host',
    bytes: request('GET http://xPATH HTTP/1.1'),
    ...malformed,
  },
  {
    section: '9112/3.2',
    title: 'the absolute form with two Hosts',
    bytes: request('GET http://xPATH HTTP/1.1', host, host),
    ...malformed,
  },
  {
    section: '9112/3.2.3',
    title: 'CONNECT',
    bytes: request('CONNECT x:443 HTTP/1.1', 'Host: x:443'),
    status: 501,
    code: 'method_unknown',
    kept: false,
  },
  {
    section: '9112/3.2.3',
    title: 'the authority form with another method',
    bytes: request('GET x:443 HTTP/1.1', host),
    ...malformed,
  },
  {
    section: '9110/9.3.7',
    title: 'OPTIONS * says what is allowed',
    bytes: request('OPTIONS * HTTP/1.1', host),
    status: 204,
    kept: true,
    check: (t, { headers }) => t.regex(headers.get('allow') ?? '', /^GET, HEAD, .*OPTIONS$/),
  },
  { section: '9112/3.2.4', title: 'GET *', bytes: request('GET * HTTP/1.1', host), ...malformed },
  { section: '9112/3.2', title: 'no Host', bytes: request('GET PATH HTTP/1.1'), ...malformed },
  ...[
    [host, 'Host: y'],
    [host, host],
    ['Host:', 'Host:'],
    ['HOST: x', 'X: y', 'hOSt: x'],
  ].map((hosts) => ({
    section: '9112/3.2',
    title: `the headers ${hosts.join(', ')}`,
    bytes: request('GET PATH HTTP/1.1', ...hosts),
    ...malformed,
  })),
  ...['x y', 'x/y', 'u@x', 'x, y', '[::1', 'x:y', 'http://x', 'x?', 'x%2', '<x>'].map((value) => ({
    section: '9112/3.2',
    title: `Host: ${value}`,
    bytes: request('GET PATH HTTP/1.1', `Host: ${value}`),
    ...malformed,
  })),
  ...['', 'x', 'X.Example:8000', '[::1]:80', 'x:', 'a_b', 'x%20y', '127.0.0.1'].map((value) => ({
    section: '9112/3.2',
    title: `Host: ${value}`,
    bytes: request('GET PATH HTTP/1.1', `Host: ${value}`),
    ...found,
  })),
  ...['2.0', '3', '3.0', '1.2', '9.9'].map((version) => ({
    section: '9110/15.6.6',
    title: `HTTP/${version}`,
    bytes: request(`GET PATH HTTP/${version}`, host),
    status: 505,
    code: 'http_version_unsupported',
    kept: false,
  })),
  {
    section: '9113/3.4',
    title: 'the preface of HTTP/2',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    status: 505,
    code: 'http_version_unsupported',
    kept: false,
  },
  ...['HTTP/0.9', 'HTTP/x', 'http/1.1', 'FTP/1.1', 'HTTP/1.1 x', ''].map((version) => ({
    section: '9112/2.3',
    title: `the version "${version}"`,
    bytes: request(`GET PATH ${version}`, host),
    ...malformed,
  })),
  {
    section: '9112/9.3',
    title: 'HTTP/1.0 closes, and needs no Host',
    bytes: request('GET PATH HTTP/1.0'),
    status: 200,
    kept: false,
    check: (t, { headers }) => t.false(headers.has('transfer-encoding')),
  },
  {
    section: '9112/9.3',
    title: 'HTTP/1.0 with keep-alive',
    bytes: request('GET PATH HTTP/1.0', 'Connection: keep-alive'),
    status: 200,
    kept: true,
    check: (t, { headers }) => t.is(headers.get('connection'), 'keep-alive'),
  },
  {
    section: '9112/6.1',
    title: 'Transfer-Encoding in HTTP/1.0',
    bytes: request('POST PATH HTTP/1.0', 'Transfer-Encoding: chunked') + '\r\n0\r\n\r\n',
    ...malformed,
  },
  {
    section: '9112/9.6',
    title: 'Connection: close',
    bytes: request('GET PATH HTTP/1.1', host, 'Connection: close'),
    status: 200,
    kept: false,
  },
];
