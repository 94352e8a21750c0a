// `marquee status`: the state of a running system, for people. It reads `/status` of the admin port.

import { runCommand, UsageError, type Values } from '#/kit/command-line/command.ts';
import { messageOf } from '#/kit/errors.ts';
import { renderStatus, type HostStatus } from './status/render.ts';

const help = `Usage: marquee status [--url URL] [--json] [--help] [--version]

Shows the state of a running system: its processes, what they serve, and its providers.

  --url URL   the admin port; default: http://127.0.0.1:9000, or ADMIN_HOST and ADMIN_PORT
  --json      prints what the admin port answered

ADMIN_TOKEN is sent as the credential when it is set. Colours are used on a terminal, unless NO_COLOR is set.

Exit codes: 0 ready, 1 not ready, 64 the command line is not valid, 69 the admin port does not answer.
`;

const exitCodes = { ready: 0, notReady: 1, unavailable: 69 } as const;
const options = { url: { type: 'string' }, json: { type: 'boolean' } } as const;
const timeoutMs = 5000;

/** The address of the admin port on this machine; one that listens on all addresses is reached at the loopback address. */
function defaultUrl({ ADMIN_HOST = '', ADMIN_PORT = '' }: NodeJS.ProcessEnv): string {
  const host = ['', '0.0.0.0', '::'].includes(ADMIN_HOST) ? '127.0.0.1' : ADMIN_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${ADMIN_PORT || 9000}`;
}

async function status({ url: given, json }: Values<typeof options>): Promise<number> {
  const url = URL.parse('status', `${(given ?? defaultUrl(process.env)).replace(/\/+$/, '')}/`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`Got --url=${given}, expected http://… or https://….`);
  let read: HostStatus;
  try {
    const { ADMIN_TOKEN: token = '' } = process.env;
    const headers: Record<string, string> = token === '' ? {} : { Authorization: `Bearer ${token}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    if (!answer.ok) throw new Error(`got status ${answer.status}, expected 200`);
    read = (await answer.json()) as HostStatus;
  } catch (error) {
    // `fetch failed` says nothing: its cause does.
    const reason = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
    process.stderr.write(`${url.href} cannot be read: ${messageOf(reason)}\n`);
    return exitCodes.unavailable;
  }
  process.stdout.write(
    json === true ? `${JSON.stringify(read, null, 2)}\n` : renderStatus(read, process.stdout),
  );
  return read.ready ? exitCodes.ready : exitCodes.notReady;
}

/** Resolves to the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommand(args, { help, options }, (values) => status(values));

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
