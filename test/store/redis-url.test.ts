// The forms of REDIS_URL.

import test from 'ava';
import { parseRedisUrl, type RedisAddress } from '#/store/redis-url.ts';

const plain: RedisAddress = {
  kind: 'single',
  tls: false,
  hosts: [{ host: 'localhost', port: 6379 }],
  username: null,
  password: null,
  database: 0,
  master: null,
};

const understood: [url: string, address: Partial<RedisAddress>][] = [
  ['redis://localhost', {}],
  ['redis://localhost:6379', {}],
  ['redis://localhost:6379/', {}],
  ['redis://localhost:7000/3', { hosts: [{ host: 'localhost', port: 7000 }], database: 3 }],
  ['rediss://cache.example.org', { tls: true, hosts: [{ host: 'cache.example.org', port: 6379 }] }],
  ['redis://10.0.0.7', { hosts: [{ host: '10.0.0.7', port: 6379 }] }],
  ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
  ['redis://:secret@localhost', { password: 'secret' }],
  ['redis://usher@localhost', { username: 'usher' }],
  ['redis://usher:secret@localhost', { username: 'usher', password: 'secret' }],
  ['redis://usher:a%2Fb%40c%3Ad@localhost', { username: 'usher', password: 'a/b@c:d' }],
  ['redis://usher:a:b@localhost', { username: 'usher', password: 'a:b' }],
  ['redis://usher:100%@localhost', { username: 'usher', password: '100%' }],
  [
    'redis+sentinel://a,b:7000,[::1]/stage',
    {
      kind: 'sentinel',
      master: 'stage',
      hosts: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 7000 },
        { host: '::1', port: 26_379 },
      ],
    },
  ],
  [
    'rediss+sentinel://usher:secret@a/stage',
    {
      kind: 'sentinel',
      tls: true,
      master: 'stage',
      username: 'usher',
      password: 'secret',
      hosts: [{ host: 'a', port: 26_379 }],
    },
  ],
  [
    'redis+cluster://a,b:7000',
    {
      kind: 'cluster',
      hosts: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 7000 },
      ],
    },
  ],
  [
    'rediss+cluster://:secret@a',
    { kind: 'cluster', tls: true, password: 'secret', hosts: [{ host: 'a', port: 6379 }] },
  ],
];

for (const [url, address] of understood) {
  test(`${url} is valid`, (t) => t.deepEqual(parseRedisUrl(url), { ...plain, ...address }));
}

const refused = [
  '',
  'localhost:6379',
  'http://localhost',
  'redis+http://localhost',
  'redis:/localhost',
  'redis://',
  'redis:///0',
  'redis://localhost:0',
  'redis://localhost:65536',
  'redis://localhost:port',
  'redis://a,b',
  'redis://a,,b',
  'redis://localhost/zero',
  'redis://localhost/-1',
  'redis://localhost/0/1',
  'redis://localhost/0?db=1',
  'redis://a b',
  'redis://usher:a@b@localhost',
  'redis+sentinel://a',
  'redis+sentinel://a/',
  'redis+sentinel://a,/stage',
  'redis+cluster://',
  'redis+cluster://a/3',
];

for (const url of refused) {
  test(`${JSON.stringify(url)} is not valid`, (t) => t.is(parseRedisUrl(url), null));
}
