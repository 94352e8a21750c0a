// `npm run release`: the files that it would write, from those of this checkout.

import test from 'ava';
import { isHigher, released } from '../../ops/release/release.ts';
import { filesBelow, read, readJson, type PackageFile } from './_files.ts';

const { version } = await readJson<PackageFile & { version: string }>('package.json');
const next = '99.1.0';

test('a release names its version wherever the present one is named, and changes nothing else', async (t) => {
  const files = await released(version, next, '2031-02-03');
  for (const [path, text] of files) {
    const before = (await read(path)).split('\n');
    const changed = text.split('\n').filter((line, i) => line !== before[i]);
    t.true(changed.length > 0 && changed.every((line) => line.includes(next)), path);
  }
  t.is((JSON.parse(files.get('package.json')!) as { version: string }).version, next);
  const lock = JSON.parse(files.get('package-lock.json')!) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  t.deepEqual([lock.version, lock.packages['']!.version], [next, next]);
  t.regex(files.get('ops/CHANGELOG.md')!, /^## 99\.1\.0, 2031-02-03$/m);

  // No other file names the image with its version
  const images = RegExp(`(marquee:|newTag: |image\\.version=)${version.replaceAll('.', '\\.')}`);
  const paths = [...(await filesBelow('ops/kubernetes')), 'ops/Dockerfile'];
  for (const path of paths) if (images.test(await read(path))) t.true(files.has(path), path);
});

test('a version that is missing where it is expected stops the release', async (t) => {
  await t.throwsAsync(released('98.0.0', next, '2031-02-03'), {
    message: 'Got "version": "98.0.0 0 times in package.json, expected 1.',
  });
});

test('only a higher version is a release', (t) => {
  for (const [one, other] of [
    ['0.1.1', '0.1.0'],
    ['0.10.0', '0.9.9'],
    ['1.0.0', '0.99.99'],
  ] as const) {
    t.true(isHigher(one, other));
    t.false(isHigher(other, one));
  }
  t.false(isHigher('0.1.0', '0.1.0'));
  for (const text of ['1.0', 'v1.0.0', '1.0.0-rc.1', '01.0.0', '']) t.is(isHigher(text, '0.1.0'), null, text);
});
