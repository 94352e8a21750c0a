// Server-side request forgery: neither a redirect nor a name may lead a fetch into the network of this host.

import type { LookupAddress } from 'node:dns';
import test from 'ava';
import { FeedFault } from '#/provider/fault.ts';
import {
  guardedLookup,
  isPrivateAddress,
  isPrivateHost,
  privateHostsOf,
  type Resolve,
} from '#/provider/http/addresses.ts';
import { createProviderAgent } from '#/provider/http/agent.ts';
import { redirected } from '#/provider/http/redirect.ts';
import { knownLine, knownBases, first, last } from '../_line.ts';
import { feed } from '../../_support/feeds.ts';

const inside = [
  '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255',
  '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'ff02::1',
  '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::1', '2002:a00:1::',
]; // prettier-ignore
const outside = [
  '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.128.0.0', '126.0.0.1', '128.0.0.1', '169.253.0.1', '172.15.255.255',
  '172.32.0.0', '192.167.255.255', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1',
]; // prettier-ignore

test('addresses inside a network are recognised, also where IPv6 carries them', (t) => {
  for (const address of inside) t.true(isPrivateAddress(address), address);
  for (const address of outside) t.false(isPrivateAddress(address), address);
});

test('a host is private by its address, however it is written, or by a name that only a network has', (t) => {
  const hosts = (urls: string[]) => urls.map((one) => [one, isPrivateHost(new URL(one).hostname)]);
  const all = (urls: string[], is: boolean) => urls.map((one) => [one, is]);
  const yes = [
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::ffff:7f00:1]/',
    'http://127.1/',
  ].concat([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://simulator:8100/',
    'http://a.internal/',
    'http://a.b.svc/',
  ]);
  const no = [
    'http://example.com/',
    'http://example.com./',
    'http://8.8.8.8/',
    'http://127.0.0.1.example.com/',
  ];
  t.deepEqual(hosts(yes), all(yes, true));
  t.deepEqual(hosts(no), all(no, false));
});

const answering =
  (...answers: string[][]): Resolve =>
  (_hostname, _options, done) => {
    const addresses = answers.length > 1 ? answers.shift() : answers[0];
    done(
      null,
      addresses!.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

const found = (lookup: ReturnType<typeof guardedLookup>, host: string, all = true): Promise<unknown> =>
  new Promise((resolve, reject) => {
    lookup(host, { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
  });

test('a name that resolves to another address at the next connection leads nowhere', async (t) => {
  const lookup = guardedLookup(
    new Set(),
    answering(['8.8.8.8'], ['169.254.169.254'], ['127.0.0.1', '8.8.8.8']),
  );
  t.deepEqual(await found(lookup, 'feeds.example.com'), [{ address: '8.8.8.8', family: 4 }]);
  const error = await t.throwsAsync<FeedFault>(found(lookup, 'feeds.example.com'), { instanceOf: FeedFault });
  t.is(error.code, 'address_refused');
  t.regex(error.message, /169\.254\.169\.254 for feeds\.example\.com, expected a public one/);
  // Of several addresses, only the public ones are tried.
  t.deepEqual(await found(lookup, 'feeds.example.com'), [
    { address: '8.8.8.8', family: 4 },
  ] as LookupAddress[]);
  t.is(await found(guardedLookup(new Set(), answering(['8.8.8.8'])), 'feeds.example.com', false), '8.8.8.8');
});

test('a public name with a private address fails the run without a request, unless its entry allows it', async (t) => {
  const resolve = answering(['127.0.0.1']);
  const named = (url: string): string => url.replace('127.0.0.1', 'feeds.example.com');
  const guarded = await knownLineWith(new Set());
  const asked = guarded.asked.length;
  const { row } = await guarded.hear(whole, { url: named(guarded.url) });
  t.like(row, { outcome: 'failed', code: 'address_refused' });
  t.is(guarded.asked.length, asked);
  const open = await knownLineWith(
    privateHostsOf([{ url: 'http://feeds.example.com/', redirectHosts: [], privateAddresses: true }]),
  );
  t.like((await open.hear(whole, { url: named(open.url) })).row, { outcome: 'absorbed', code: null });

  function knownLineWith(privateHosts: ReadonlySet<string>) {
    return knownLine(t, { dispatcher: createProviderAgent({ privateHosts, resolve }) });
  }
});

const whole = Buffer.from(feed([first, ...knownBases, last]));

test('a redirect from a public host to the admin port, a file or a link-local address is refused', (t) => {
  const from = [new URL('http://feeds.example.com/feed')];
  const to = (location: string, privateAddresses = false): string => {
    const redirectHosts = ['127.0.0.1:9000', '169.254.169.254', 'localhost', '[::1]', 'cdn.example.com'];
    try {
      return redirected(from, location, { redirectHosts, privateAddresses }).href;
    } catch (error) {
      return (error as FeedFault).code;
    }
  };
  for (const location of [
    'http://127.0.0.1:9000/reload',
    'http://2130706433:9000/reload',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]:9000/',
    'file:///etc/passwd',
    'ftp://cdn.example.com/',
    'gopher://127.0.0.1:6379/_flushall',
    '//127.0.0.1:9000/status',
    'http://other.example.com/',
  ])
    t.is(to(location), 'redirect_refused', location);
  t.is(to('http://cdn.example.com/feed'), 'http://cdn.example.com/feed');
  t.is(to('http://127.0.0.1:9000/feed', true), 'http://127.0.0.1:9000/feed');
  // A host that is configured by its private address may redirect within itself.
  t.is(redirected([new URL('http://10.0.0.1/')], '/b', { redirectHosts: [] }).href, 'http://10.0.0.1/b');
});
