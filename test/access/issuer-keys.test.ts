// The issuer's keys: kept while the issuer does not answer, and never requested in storms.

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { IssuerKeySet } from '#/access/tokens.ts';
import { createIssuerKeys } from '#/supervisor/access/issuer-keys.ts';
import { audience, issuerFor, keyOf, keySetOf } from './_issuer.ts';

const rules = { audience, algorithms: ['ES256'], keysUrl: null, toleranceSeconds: 30 };

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

test('keys are found by discovery, kept through an outage, and read again for an unknown one, with pauses', async (t) => {
  const [first, second] = [await keySetOf([await keyOf('a')]), await keySetOf([await keyOf('b')])];
  const issuer = await issuerFor(t, first);
  const changes: IssuerKeySet[] = [];
  let failures = 0;
  const held = createIssuerKeys({
    issuer: { ...rules, url: issuer.url },
    changed: (keys) => void changes.push(keys),
    failed: () => failures++,
    pauseMs: 300,
  });
  t.teardown(() => held.stop());
  await until(() => changes.length === 1);
  t.deepEqual(held.keys, first);

  // An outage.
  issuer.status = 503;
  await sleep(300);
  held.refresh();
  await until(() => failures > 0);
  t.deepEqual(held.keys, first);

  // A storm.
  issuer.status = 200;
  issuer.keys = second;
  await sleep(300);
  const before = issuer.asked;
  for (let i = 0; i < 1000; i++) held.refresh();
  await until(() => changes.length === 2);
  for (let i = 0; i < 1000; i++) held.refresh();
  await sleep(50);
  t.deepEqual(held.keys, second);
  t.is(issuer.asked - before, 1);
});

test('a discovery document of another issuer, and keys that are none, are refused', async (t) => {
  const issuer = await issuerFor(t, { keys: [] });
  const reasons: string[] = [];
  const failed = (error: unknown): void => void reasons.push((error as Error).message);
  const common = { changed: () => t.fail(), failed };
  const held = [
    createIssuerKeys({ ...common, issuer: { ...rules, url: `${issuer.url}/` } }),
    createIssuerKeys({ ...common, issuer: { ...rules, url: issuer.url } }),
  ];
  await until(() => reasons.length >= 2);
  for (const one of held) one.stop();
  t.regex(reasons.join('\n'), /another issuer/);
  t.regex(reasons.join('\n'), /no keys/);
});
