// Attacks on the running system, by the OWASP API Security Top 10 of 2023. test/access and test/http have the single parts:
// tokens and keys, paths, scopes, limits, TLS; test/provider/http/addresses.test.ts has request forgery.

import { createHmac, createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { hashOf, newKey } from '#/access/key.ts';
import { startStage, type Stage } from '../_chaos/stage.ts';
import { isInstalled, programAt } from '../_programs/catalog.ts';
import { endingOf } from '../_servers/ending.ts';
import { startProgram } from '../_servers/server.ts';
import { feed, base } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import {
  issuerFor,
  keyOf,
  keySetOf,
  tokenOf,
  type IssuerServer,
  type SigningKey,
} from '../access/_issuer.ts';
import { exchange, mutatedRequest, smuggled, statusesIn } from './_attacks.ts';
import { directoryFor, freePort, until } from './_system.ts';

interface Attacked extends Stage {
  readonly key: string;
  /** With the key, unless `init` has other headers. */
  get(path: string, init?: RequestInit): Promise<Response>;
  sign(claims?: object, by?: SigningKey): Promise<string>;
  readonly issuer: IssuerServer;
}

/** A stack, a path of a module, or a file of the package. */
const leak = /\n\s+at \S+|node_modules|file:\/\/\/|"dependencies"/;

const ending = endingOf(test);
let shared: Promise<Attacked> | null = null;

/** One system for all tests of this file. */
const attacked = (): Promise<Attacked> => (shared ??= attackedFor());

async function attackedFor(): Promise<Attacked> {
  const directory = await directoryFor(ending);
  const [key, file] = [newKey(), join(directory, 'keys.json')];
  const scopes = ['search:read', 'events:read', 'changes:read'];
  await writeFile(file, JSON.stringify({ keys: [{ name: 'shop', hash: `sha256:${hashOf(key)}`, scopes }] }));
  const signing = await keyOf('k1');
  const issuer = await issuerFor(ending, await keySetOf([signing]));
  const stage = await startStage(ending, {
    API_WORKERS: '1',
    API_KEYS_FILE: file,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: 'marquee',
    RATE_LIMIT: '1000000',
    ACCESS_LOG_SHARE: '1',
  });
  return {
    ...stage,
    key,
    get: (path, init = {}) => fetch(`${stage.system.url}${path}`, { headers: { 'x-api-key': key }, ...init }),
    sign: (claims = {}, by = signing) => tokenOf(by, issuer.url, claims),
    issuer,
  };
}

const pidsOf = async ({ system }: Attacked): Promise<unknown> => {
  const { workers, ingest } = await system.status();
  return [workers.map(({ pid, restarts }) => [pid, restarts]), ingest?.pid];
};

test.serial(
  'API1 object level: a cursor or a tag of one client opens nothing that another could not ask for',
  async (t) => {
    const { get, key } = await attacked();
    const { data } = (await (await get('/events?limit=1')).json()) as { data: { next_cursor: string } };
    const forged = [
      data.next_cursor.slice(0, -2),
      `${data.next_cursor}x`,
      'AAAA',
      '../1',
      '%00',
      '__proto__',
    ];
    for (const cursor of forged) {
      const { status } = await get(`/events?limit=1&cursor=${encodeURIComponent(cursor)}`);
      t.true([200, 400, 410].includes(status), `${cursor}: ${status}`);
    }
    t.is((await get(`/events?limit=1&sort_by=title&cursor=${data.next_cursor}`)).status, 400);
    for (const id of ['__proto__', 'constructor', 'toString', '../../status', '%00', "' or 1=1--"]) {
      t.is((await get(`/events/${encodeURIComponent(id)}`)).status, 400, id);
      const headers = { 'x-api-key': key, 'content-type': 'application/json' };
      const body = `{"__proto__":{"ids":["${id}"]},"ids":["${id}"]}`;
      t.is((await get('/events/lookup', { method: 'POST', headers, body })).status, 400, id);
    }
  },
);

test.serial(
  'API2 authentication: only valid keys and tokens are accepted, and only in their headers',
  async (t) => {
    const stage = await attacked();
    const status = async (headers: Record<string, string>, path = '/search'): Promise<number> =>
      (await stage.get(path, { headers })).status;
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    await until(
      'the keys of the issuer are read',
      async () => (await status(bearer(await stage.sign()))) === 200,
    );
    const seconds = Math.floor(Date.now() / 1000);
    t.is(await status(bearer(stage.key)), 200);
    const [head, body, signature] = (await stage.sign()).split('.');
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = encoded({ alg: 'none' });
    const [published] = stage.issuer.keys.keys;
    // The public key as the secret of a symmetric algorithm.
    const spki = createPublicKey({ key: { ...published }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const hs = `${encoded({ alg: 'HS256', kid: 'k1' })}.${body}`;
    const confused = `${hs}.${createHmac('sha256', spki).update(hs).digest('base64url')}`;
    const [other, stranger] = [await keyOf('k1', 'ES384'), await keyOf('k1')];
    for (const [why, headers] of Object.entries({
      nothing: {},
      'an expired token': bearer(await stage.sign({ exp: seconds - 60 })),
      'a token of tomorrow': bearer(await stage.sign({ nbf: seconds + 86_400 })),
      'another audience': bearer(await stage.sign({ aud: 'other' })),
      'another issuer': bearer(await stage.sign({ iss: 'https://issuer.example' })),
      'no signature': bearer(`${none}.${body}.`),
      'an algorithm that is not configured': bearer(await stage.sign({}, other)),
      'the key id of another': bearer(await stage.sign({}, stranger)),
      'the public key as a secret': bearer(confused),
      'another signature': bearer(`${head}.${body}.${signature!.toUpperCase()}`),
      'a key of nobody': bearer(newKey()),
      'two credentials': { ...bearer(stage.key), 'x-api-key': stage.key },
      'a cookie': { cookie: `token=${stage.key}` },
    }))
      t.is(await status(headers), 401, why);
    t.is(await status({}, `/search?x-api-key=${stage.key}`), 401);
    t.is(await status(bearer(await stage.sign({ scope: 'events:read' }))), 403);
    // A storm of unknown key ids: the issuer is asked at most every 30 s.
    const before = stage.issuer.asked;
    const storm = Array.from({ length: 200 }, async (_, i) =>
      status(bearer(await stage.sign({}, { ...stranger, kid: `unknown-${i}` }))),
    );
    t.deepEqual(new Set(await Promise.all(storm)), new Set([401]));
    t.true(stage.issuer.asked - before <= 1, `${stage.issuer.asked - before}`);
  },
);

test.serial(
  'API3 object properties: no parameter adds or changes a property, and answers have no others',
  async (t) => {
    const { get } = await attacked();
    const before = await (await get('/search')).text();
    for (const query of [
      '__proto__[x]=1',
      'constructor.prototype.x=1',
      '__proto__=1&starts_at=2021-01-01',
      'fields=__proto__',
    ])
      for (const path of ['/search', '/events'])
        t.true((await get(`${path}?${query}`)).status < 500, `${path}?${query}`);
    t.is(await (await get('/search')).text(), before);
    const { data } = JSON.parse(before) as { data: { events: object[] } };
    for (const event of data.events)
      t.deepEqual(Object.keys(event), [
        'id',
        'title',
        'start_date',
        'start_time',
        'end_date',
        'end_time',
        'min_price',
        'max_price',
      ]);
  },
);

test.serial(
  'API4 resources: 10,000 mutated requests in the long form end no process, and none is a fault',
  async (t) => {
    t.timeout(600_000);
    const stage = await attacked();
    const random = seededFor(t);
    const before = await pidsOf(stage);
    const [total, atOnce] = [isLong ? 10_000 : 1500, 24];
    const seen = new Map<number, number>();
    const faults: string[] = [];
    for (let done = 0; done < total; done += atOnce) {
      const requests = Array.from({ length: atOnce }, () => mutatedRequest(random, stage.key));
      const answers = await Promise.all(requests.map((bytes) => exchange(stage.port, bytes, 300)));
      for (const [i, answer] of answers.entries())
        for (const status of statusesIn(answer)) {
          seen.set(status, (seen.get(status) ?? 0) + 1);
          // What HTTP says of a method or a version that is unknown, and overload.
          const isFault = status >= 500 && ![501, 505].includes(status) && !answer.includes('"code":"busy"');
          if (isFault || leak.test(answer)) faults.push(JSON.stringify([requests[i], answer]).slice(0, 1000));
        }
    }
    t.deepEqual(faults.slice(0, 3), []);
    t.true(
      (seen.get(200) ?? 0) > 20 && (seen.get(400) ?? 0) > 20 && (seen.get(401) ?? 0) > 20,
      JSON.stringify([...seen]),
    );
    t.deepEqual(await pidsOf(stage), before);
    const { workers } = await stage.system.status();
    for (const { rssMegabytes } of workers) t.true((rssMegabytes ?? 0) < 400, `${rssMegabytes} MB`);
    t.is((await stage.get('/search')).status, 200);
  },
);

test.serial(
  'API5 functions: the public port has no admin request, and no web page may send one',
  async (t) => {
    const { get, system } = await attacked();
    for (const [method, path] of [
      ['POST', '/reload'],
      ['POST', '/snapshots/1/pin'],
      ['GET', '/status'],
      ['GET', '/metrics'],
    ])
      t.is((await get(path!, { method: method! })).status, 404, path);
    const headers = { origin: 'https://evil.example' };
    t.is((await fetch(`${system.adminUrl}/reload`, { method: 'POST', headers })).status, 403);
    for (const [, bytes] of Object.entries(smuggled).slice(0, 3)) {
      const answer = await exchange(
        Number(new URL(system.adminUrl).port),
        bytes.replace('HEADERS', ''),
        1000,
      );
      t.deepEqual(statusesIn(answer), [400]);
    }
  },
);

test.serial(
  'API7 request forgery: a provider that redirects to this host is refused, and nothing there is asked',
  async (t) => {
    const { system } = await attacked();
    const asked: string[] = [];
    const target = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    const targets = [
      `${system.adminUrl}/reload`,
      'file:///etc/passwd',
      'http://169.254.169.254/latest/',
      'http://[::1]:1/',
    ];
    await once(target.listen(0, '127.0.0.1'), 'listening');
    targets.push(`http://127.0.0.1:${(target.address() as AddressInfo).port}/inside`);
    const provider = createServer((request, response) => {
      response.writeHead(302, { location: targets[Number(request.url?.slice(1))] ?? '/' }).end();
    });
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    t.teardown(() => void [target, provider].map((one) => one.close().closeAllConnections()));
    const { fetchFeed } = await import('#/provider/http/fetch.ts');
    const { createProviderAgent } = await import('#/provider/http/agent.ts');
    const { limits } = await import('../_support/limits.ts');
    const agent = createProviderAgent();
    t.teardown(() => agent.destroy());
    for (const [i, where] of targets.entries()) {
      const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/${i}`;
      const from = { url, headers: { authorization: 'Bearer secret' }, redirectHosts: [], limits };
      const fetched = fetchFeed(
        from,
        { etag: null, lastModified: null },
        agent,
        new AbortController().signal,
      );
      t.is((await t.throwsAsync<Error & { code: string }>(fetched)).code, 'redirect_refused', where);
    }
    t.deepEqual(asked, []);
  },
);

test.serial(
  'API8 configuration: no banner, no stack, no method and no origin beyond the documented ones',
  async (t) => {
    const { get, port, key } = await attacked();
    for (const path of [
      '/search',
      '/docs',
      '/none',
      '/search?starts_at=%00',
      '/docs/assets/..%2f..%2fpackage.json',
      '/.git/config',
    ]) {
      const answer = await get(path, { headers: { 'x-api-key': key, origin: 'https://evil.example' } });
      const text = await answer.text();
      for (const name of ['server', 'x-powered-by', 'via', 'access-control-allow-origin', 'set-cookie'])
        t.false(answer.headers.has(name), `${path}: ${name}`);
      t.notRegex(text, leak, path);
    }
    // As bytes: a client would resolve the dots itself.
    for (const directory of ['/docs/assets/', '/assets/', '/'])
      for (const up of ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..\\', '....//', '%c0%ae%c0%ae/', '..;/'])
        for (const file of ['package.json', 'etc/passwd', '.git/config']) {
          const target = `${directory}${up.repeat(8)}${file}`;
          const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: ${key}\r\n\r\n`;
          const answer = await exchange(port, head);
          t.regex(answer, /^HTTP\/1\.1 (?:400|404) /, target);
          t.notRegex(answer, /"dependencies"|root:|\[core\]/, target);
        }
    t.regex(
      await exchange(
        port,
        `TRACE /search HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: ${key}\r\n\r\n`,
      ),
      /^HTTP\/1\.1 405/,
    );
  },
);

test.serial(
  'API9 inventory: what answers without a credential is the documentation, and all of it is in the contract',
  async (t) => {
    const { get, system } = await attacked();
    const contract = (await (await get('/openapi.json', { headers: {} })).json()) as {
      paths: Record<string, unknown>;
    };
    for (const path of Object.keys(contract.paths)) {
      if (path.includes('{')) continue;
      const { status } = await get(path, { headers: {}, redirect: 'manual' });
      const isOpen = ['/', '/docs', '/openapi.json'].includes(path);
      t.true(isOpen ? status < 400 : status === 401 || status === 405, `${path}: ${status}`);
    }
    for (const path of ['/v1/search', '/api/search', '/debug', '/admin', '/metrics', '/swagger.json'])
      t.is((await get(path, { headers: {} })).status, 401, path);
    t.notRegex(system.output(), /the search API is open/);
  },
);

test.serial(
  'API10 what others send: titles of a feed and headers of a client cannot forge a line of the log or an answer',
  async (t) => {
    const { get, simulator, system, key } = await attacked();
    const title = '</script>\u2028"}],"error":null}{"level":60,"msg":"forged"}';
    simulator.setRaw('feed', feed([base({ title })]));
    await until('the title is served', async () => {
      const text = await (await get('/search')).text();
      const { data } = JSON.parse(text) as { data: { events: { title: string }[] } };
      return data.events.some((event) => event.title === title);
    });
    const forged = '\u001b[2J%0a{"level":60,"msg":"forged"}';
    await fetch(`${system.url}/search?${forged}`, {
      headers: { 'x-api-key': key, 'user-agent': '{"level":60}' },
    });
    const lines = system
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    for (const line of lines) t.notThrows(() => JSON.parse(line) as unknown, line.slice(0, 200));
    t.deepEqual(
      lines.filter((line) => (JSON.parse(line) as { level: number }).level === 60),
      [],
    );
    t.false(system.output().includes(key));
  },
);

const withBalancer = isInstalled('haproxy') ? test.serial : test.serial.skip;

test.serial('smuggling: no hidden request is read as one', async (t) => {
  const { port, key } = await attacked();
  await Promise.all(
    Object.entries(smuggled).map(async ([shape, bytes]) => {
      const answer = await exchange(port, bytes.replace('HEADERS', `X-API-Key: ${key}\r\n`), 1500);
      t.true(statusesIn(answer).length <= 1, `${shape}: ${statusesIn(answer).join()}`);
      t.notRegex(answer, /Got the path \/smuggled/, shape);
    }),
  );
});

withBalancer(
  'smuggling through HAProxy: no hidden request reaches the system, and the next client gets its own answer',
  async (t) => {
    const { port, key, directory } = await attacked();
    const front = await freePort();
    const config = join(directory, 'haproxy.cfg');
    await writeFile(
      config,
      [
        'defaults',
        '  mode http',
        '  timeout client 5s',
        '  timeout connect 1s',
        '  timeout server 5s',
        '  option http-keep-alive',
        // Connections to the system are shared by all clients: what one of them leaves there would meet the next.
        '  http-reuse always',
        'frontend search',
        `  bind 127.0.0.1:${front}`,
        '  default_backend hosts',
        'backend hosts',
        `  server one 127.0.0.1:${port} pool-max-conn 1`,
        '',
      ].join('\n'),
    );
    const balancer = startProgram(programAt('haproxy')!, ['-db', '-f', config]);
    t.teardown(() => balancer.kill('SIGKILL'));
    const ask = () =>
      fetch(`http://127.0.0.1:${front}/search?starts_at=2031-01-01`, { headers: { 'x-api-key': key } });
    await until('HAProxy answers', async () => (await ask()).status === 200);
    for (const [shape, bytes] of Object.entries(smuggled)) {
      const answer = await exchange(front, bytes.replace('HEADERS', `X-API-Key: ${key}\r\n`), 400);
      t.true(statusesIn(answer).length <= 1, `${shape}: ${statusesIn(answer).join()}`);
      t.notRegex(answer, /Got the path \/smuggled/, shape);
      for (let i = 0; i < 2; i++) {
        const next = await ask();
        t.is(next.status, 200, shape);
        t.is(await next.text(), '{"data":{"events":[]},"error":null}', shape);
      }
    }
  },
);
