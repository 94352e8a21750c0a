// The revision of the source, as `marquee_build_info` has it.

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { revisionOfPackage } from '#/kit/command-line/version.ts';
import { root } from '../system/_system.ts';

const head = ((): string | null => {
  try {
    // Of a linked work tree, `.git` is a file.
    if (!statSync(join(root, '.git')).isDirectory()) return null;
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
})();

test('the revision is that of the checkout, or unknown', (t) => {
  t.is(revisionOfPackage(), head ?? 'unknown');
});
