// What feed:check is asked to do.

import { parseArgs } from 'node:util';
import { isTimeZone } from '#/domain/wall-clock.ts';
import { messageOf } from '#/kit/errors.ts';
import { noSecrets } from '#/provider/credentials.ts';
import { formatNames, type Provider } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';

export interface Wanted {
  /** Null: the provider is asked. */
  readonly file: string | null;
  /** Its entry in the providers file; else as if it had one, with every limit at its default. */
  readonly provider: Provider;
  readonly json: boolean;
}

export class UsageError extends Error {
  constructor(message: string) {
    super(`${message}\nTry: npm run feed:check -- --help`);
    this.name = 'UsageError';
  }
}

export const helpText = `Reads a feed as ingest would, and says what is in it and what is amiss. Touches nothing.

Usage: npm run feed:check -- FILE|URL [options]
       npm run feed:check -- --provider NAME [FILE] [options]

Options:
  --provider NAME   an entry of PROVIDERS_FILE: its URL, credentials, format, time zone and limits
  --format NAME     ${formatNames.join(', ')} or auto (found from how the feed begins); default: auto
  --time-zone ZONE  the IANA time zone of the provider's local times; default: UTC
  --strict          refuses values that are not written as they should be, as an entry with "strict": true does
  --json            the report as JSON, for programs
  --help            this text

Exit code:
  0  nothing was refused, and the feed was whole
  1  there are findings of severity error
  2  wrong usage, or the feed could not be opened
`;

/** Throws UsageError. */
export function readCommandLine(
  given: readonly string[],
  configured: (name: string) => Provider,
): Wanted | 'help' {
  const { values, positionals } = parsed(given);
  if (values.help) return 'help';
  const [source] = positionals;
  const { json, strict, provider: entry } = values;
  if (entry !== undefined) {
    if (positionals.length > 1)
      throw new UsageError(`Got ${positionals.length} feeds, expected one FILE at the most.`);
    if (values.format !== 'auto' || values['time-zone'] !== 'UTC')
      throw new UsageError('Got --provider with --format or --time-zone, expected those of its entry.');
    const provider = configured(entry);
    return { file: source ?? null, provider: strict ? { ...provider, strict } : provider, json };
  }
  if (source === undefined || positionals.length > 1)
    throw new UsageError(`Got ${positionals.length} feeds, expected one FILE or URL.`);
  const format = [...formatNames, 'auto'].find((name) => name === values.format);
  if (format === undefined)
    throw new UsageError(`Got --format ${values.format}, expected ${formatNames.join(', ')} or auto.`);
  const timeZone = values['time-zone'];
  if (!isTimeZone(timeZone))
    throw new UsageError(`Got --time-zone ${timeZone}, expected an IANA time zone like Europe/Madrid.`);
  const isUrl = /^https?:\/\//i.test(source);
  const provider = providerWith(isUrl ? source : 'http://localhost/', format, timeZone, strict);
  return { file: isUrl ? null : source, provider, json };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        provider: { type: 'string' },
        format: { type: 'string', default: 'auto' },
        'time-zone': { type: 'string', default: 'UTC' },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function providerWith(url: string, format: string, timeZone: string, strict: boolean): Provider {
  const entry = { name: 'checked', url, format, timeZone, strict };
  const { providers, faults } = parseProviders({ providers: [entry] }, noSecrets);
  const [provider] = providers;
  if (provider === undefined)
    throw new UsageError(faults.map(({ saw, wanted }) => `Got ${String(saw)}, ${wanted}.`).join(' '));
  return provider;
}
