// Credentials in the providers file: what is sent, what is refused, and that no fault contains a secret.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ConfigError } from '#/config-fault.ts';
import { readConfig } from '#/config.ts';
import type { Provider } from '#/provider/provider.ts';
import { directoryFor } from '../../_support/directory.ts';

const url = 'http://127.0.0.1:1/feed';
const secret = 'hunter2';

type Read = (entry: object, environment?: NodeJS.ProcessEnv, text?: string) => Provider | string;

/** The provider of an entry, or the faults of the entry. */
async function readerFor(t: ExecutionContext): Promise<Read & { readonly directory: string }> {
  const directory = await directoryFor(t);
  const { writeFileSync } = await import('node:fs');
  const read: Read = (entry, environment = {}, text) => {
    const path = join(directory, 'providers.json');
    writeFileSync(path, text ?? JSON.stringify({ providers: [{ name: 'a', url, ...entry }] }));
    try {
      return readConfig({ PROVIDERS_FILE: path, ...environment }).providers[0]!;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.faults.join('\n');
    }
  };
  return Object.assign(read, { directory });
}

const basic = (text: string): object => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

test('headers, user and password, and a token are sent, from the entry, from variables and from files', async (t) => {
  const read = await readerFor(t);
  const file = join(read.directory, 'secret');
  await writeFile(file, `${secret}\n`);
  for (const [entry, wanted] of [
    [{}, {}],
    [{ headers: { 'X-Key': 'a ${SECRET_A}b' } }, { 'x-key': `a ${secret}b` }],
    [{ headerFiles: { 'X-Key': file } }, { 'x-key': secret }],
    [{ bearer: '${SECRET_A}' }, { authorization: `Bearer ${secret}` }],
    [{ bearerFile: file }, { authorization: `Bearer ${secret}` }],
    [{ basic: { user: 'me', password: '${SECRET_A}' } }, basic(`me:${secret}`)],
    [{ basic: { user: 'mé', passwordFile: file } }, basic(`mé:${secret}`)],
    [{ url: 'http://me:p%40ss@127.0.0.1:1/feed' }, basic('me:p@ss')],
    [{ url: 'http://me:${SECRET_B}@127.0.0.1:1/feed' }, basic('me:a/b@c')],
    [{ url: 'http://me@127.0.0.1:1/feed' }, basic('me:')],
  ] as const) {
    const provider = read(entry, { SECRET_A: secret, SECRET_B: 'a/b@c' });
    t.like(provider, { url, headers: wanted }, JSON.stringify(entry));
  }
  t.like(read({ url: `${url}?key=\${SECRET_B}` }, { SECRET_B: 'a&b' }), { url: `${url}?key=a%26b` });
});

test('PROVIDER_URL can have user and password, and ENV_FILE can have secrets', async (t) => {
  const read = await readerFor(t);
  t.like(readConfig({ PROVIDER_URL: `http://me:${secret}@127.0.0.1:1/feed` }).providers[0], {
    url,
    headers: basic(`me:${secret}`),
  });
  const envFile = join(read.directory, 'env');
  await writeFile(envFile, `SECRET_A=${secret}\n`);
  t.like(read({ bearer: '${SECRET_A}' }, { ENV_FILE: envFile }), {
    headers: { authorization: `Bearer ${secret}` },
  });
  await writeFile(envFile, `SECRETS_A=${secret}\n`);
  t.regex(String(read({}, { ENV_FILE: envFile })), /got "SECRETS_A", expected a variable/);
});

test('credentials that cannot be sent are a fault that names the field, without the secret', async (t) => {
  const read = await readerFor(t);
  const file = join(read.directory, 'two-lines');
  await writeFile(file, `${secret}\r\nhost: elsewhere\r\n`);
  for (const [entry, wanted] of [
    [
      { bearer: '${SECRET_NONE}' },
      /providers\.0\.bearer: got "\$\{SECRET_NONE\}", expected the variable SECRET_NONE to be set/,
    ],
    [
      { bearerFile: '/nowhere/token' },
      /providers\.0\.bearerFile: got "\/nowhere\/token", expected a readable file: ENOENT/,
    ],
    [
      { bearerFile: file },
      /providers\.0\.bearerFile: .* expected Latin-1 text without control characters or line breaks/,
    ],
    [{ headers: { 'x-key': `${secret}\r\nhost: b` } }, /providers\.0\.headers\.x-key: .*line breaks/],
    [{ headers: { 'x-key': `${secret}\u{1f511}` } }, /providers\.0\.headers\.x-key: .*Latin-1/],
    [
      { headers: { 'x-key': secret.repeat(2000) } },
      /providers\.0\.headers\.x-key: .*at most 8192 characters/,
    ],
    [{ headers: { 'x key': secret } }, /providers\.0\.headers\.x key: .*the name of a header/],
    ...[
      'Host',
      'content-length',
      'Transfer-Encoding',
      'connection',
      'TE',
      'Upgrade',
      'accept-encoding',
      'If-None-Match',
    ].map(
      (name) =>
        [
          { headers: { [name]: secret } },
          /expected a header that neither the connection nor Marquee sets/,
        ] as const,
    ),
    [{ headers: { 'x-key': secret, 'X-Key': secret } }, /expected each header once/],
    [{ headers: { Authorization: secret }, bearer: secret }, /expected each header once/],
    [{ bearer: secret, basic: { user: 'me', password: secret } }, /expected each header once/],
    [{ url: `http://me:${secret}@h/`, bearer: secret }, /expected each header once/],
    [{ basic: { user: 'me' } }, /expected either password or passwordFile/],
    [{ basic: { user: 'm:e', password: secret } }, /providers\.0\.basic\.user: .*colon/],
    [{ basic: { user: 'me', password: 5 } }, /providers\.0\.basic\.password: /],
    [
      { basic: { user: 'me', password: secret, pasword: secret } },
      /providers\.0\.basic\.pasword: .*password/,
    ],
    [{ bearer: { token: secret } }, /providers\.0\.bearer: /],
    [{ headers: [secret] }, /providers\.0\.headers: /],
    [{ token: secret }, /providers\.0\.token: .*no such field/],
    [{ url: `ftp://me:${secret}@h/feed?key=${secret}` }, /providers\.0\.url: got "ftp:\/\/…@h\/feed\?…"/],
    [{ url: `http://me:${secret}/x@h:port/` }, /providers\.0\.url: got "http:\/\/…@h:port\/"/],
    [{ redirectHosts: [`me:${secret}@h`] }, /providers\.0\.redirectHosts\.0: /],
  ] as const) {
    const faults = read(entry);
    t.regex(String(faults), wanted, JSON.stringify(entry));
    t.false(JSON.stringify(faults).includes(secret), JSON.stringify(faults));
  }
});

test('faults of a providers file that is not JSON, and of a variable that is not a URL, contain no secrets', async (t) => {
  const read = await readerFor(t);
  for (const text of [
    `{"bearer": ${secret}}`,
    `{"providers":[{"bearer":"${secret}" "x"}]}`,
    `{"bearer":"${secret}`,
  ]) {
    const faults = String(read({}, {}, text));
    t.regex(faults, /expected a readable JSON file/);
    t.false(faults.includes(secret), faults);
  }
  for (const name of ['PROVIDER_URL', 'ARCHIVE_URL', 'REDIS_URL']) {
    const faults = String(read({}, { [name]: `ftp://me:${secret}@h:port/x?key=${secret}` }));
    t.regex(faults, new RegExp(`${name}: got `));
    t.false(faults.includes(secret), faults);
  }
});
