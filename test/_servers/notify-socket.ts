// The socket to which systemd listens for the messages of a service. Node has no datagram sockets of this kind: Perl has.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isInstalled } from '../_programs/catalog.ts';
import type { Ending } from './ending.ts';

export interface NotifySocket {
  readonly path: string;
  /** The messages so far, without those of the protocol itself. */
  readonly messages: () => readonly string[];
}

export const notifyIsHere = isInstalled('systemd-notify') && isInstalled('perl');

const program = `
  $| = 1;
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
  print "listening\\n";
  while (defined $socket->recv(my $message, 4096)) { print "$message\\n" }`;

export async function startNotifySocket(ending: Ending, directory: string): Promise<NotifySocket> {
  const path = join(directory, 'notify');
  const perl = spawn('perl', ['-MSocket', '-MIO::Socket::UNIX', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ending.teardown(() => void perl.kill('SIGKILL'));
  let text = '';
  perl.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  await once(perl.stdout, 'data');
  const isOwn = (line: string): boolean => line !== '' && !/^(listening|BARRIER=1)$/.test(line);
  return { path, messages: () => text.split('\n').filter(isOwn) };
}
