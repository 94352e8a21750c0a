// The balancer's configuration, compared with its hosts.

import test from 'ava';
import { readConfig } from '#/config.ts';
import { isInstalled } from '../_programs/catalog.ts';
import { read, readYaml, run } from './_files.ts';

const file = 'ops/haproxy/haproxy.cfg';
const lines = (await read(file)).split('\n').map((line) => line.replace(/#.*/, '').trim());
const values = (word: string): string[] =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const { services } = await readYaml<{
  services: Record<string, { ports?: string[]; volumes?: string[]; environment?: Record<string, string> }>;
}>('docker-compose.yml');

test('the balancer has every host with its port, and checks the readiness of each', (t) => {
  const { port, adminPort } = readConfig({});
  const hosts = Object.keys(services).filter((name) => services[name]!.environment?.['ROLES'] !== undefined);
  t.deepEqual(
    values('server'),
    hosts.map((name) => `${name} ${name}:${port}`),
  );
  t.true(values('default-server').some((line) => line.startsWith(`check port ${adminPort} `)));
  t.true(values('http-check').some((line) => /\buri \/readyz\b/.test(line)));
});

test('only idempotent requests are retried', (t) => {
  t.is(values('retry-on')[0], 'conn-failure empty-response response-timeout');
  t.true(values('http-request').includes('disable-l7-retry unless METH_GET'));
  t.true(values('option').includes('redispatch 1'));
});

test('the balancer listens on the port that compose publishes, and reads the file that compose mounts', (t) => {
  const { ports = [], volumes = [] } = services['balancer']!;
  t.deepEqual(
    values('bind'),
    ports.map((port) => `:${port.split(':')[2]}`),
  );
  t.is(volumes[0]!.split(':')[0], `./${file}`);
});

(isInstalled('haproxy') ? test : test.skip)('haproxy finds nothing wrong with it', async (t) => {
  await t.notThrowsAsync(run('haproxy', '-c', '-f', file));
});
