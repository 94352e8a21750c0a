// Installs the programs that tests need and that are missing: with apt-get, as root or through sudo without a password.
// When that is not possible or fails, the tests run without them.

import { spawnSync } from 'node:child_process';
import { missingPrograms, packagesOf } from './catalog.ts';

const updateMs = 120_000;
const installMs = 480_000;

/** Debian starts a server when its package is installed, unless this file refuses. Tests start servers of their own. */
const policyFile = '/usr/sbin/policy-rc.d';
const install = `
set -e
if [ ! -e ${policyFile} ]; then
  trap 'rm -f ${policyFile}' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > ${policyFile}
  chmod 755 ${policyFile}
fi
export DEBIAN_FRONTEND=noninteractive
timeout ${updateMs / 1000} apt-get update -qq
timeout ${installMs / 1000} apt-get install -y -qq --no-install-recommends "$@"
`;

/** Prints in one line what it installs, or why it does not. Never throws. */
export function installMissing(say: (line: string) => void): void {
  const packages = packagesOf(missingPrograms());
  if (packages.length === 0) return;
  const names = packages.join(' ');
  const asRoot = becomeRoot();
  if (process.env['INSTALL'] === '0') {
    say(`Not installing ${names}: INSTALL=0.`);
  } else if (asRoot === null) {
    say(`Not installing ${names}: that takes apt-get, and root or sudo without a password.`);
  } else {
    say(`Installing what the tests need: ${names} (INSTALL=0 does without)`);
    const [command = '', ...args] = [...asRoot, 'sh', '-c', install, 'install', ...packages];
    const { status, stderr } = spawnSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) say(`apt-get failed; the tests run without what is missing.\n${stderr.trim()}`);
  }
}

/** The prefix of a command that needs root; null when neither root nor sudo is available, or apt-get is missing. */
function becomeRoot(): readonly string[] | null {
  if (spawnSync('apt-get', ['--version']).status !== 0) return null;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : null;
}
