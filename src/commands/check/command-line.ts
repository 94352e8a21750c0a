// The command line of feed:check.

import { isTimeZone } from '#/domain/time/wall-clock.ts';
import { UsageError, type Command, type Values } from '#/kit/command-line/command.ts';
import { noSecrets } from '#/provider/http/credentials.ts';
import { formatNames, mappedFormats, type Provider } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';

export interface CheckOptions {
  /** Null: the feed is fetched from the provider. */
  readonly file: string | null;
  /** The entry of the providers file; without one, an entry with every limit at its default. */
  readonly provider: Provider;
  readonly json: boolean;
}

const helpText = `Reads a feed as ingest would, and reports what it contains and what is not valid. Changes nothing.

Usage: npx marquee check FILE|URL [options]
       npm run feed:check -- FILE|URL [options]
       npm run feed:check -- --provider NAME [FILE] [options]

Options:
  --provider NAME   an entry of PROVIDERS_FILE: its URL, credentials, format, time zone and limits
  --format NAME     ${formatNames.join(', ')} or auto (detected from the start of the feed); default: auto
  --time-zone ZONE  the IANA time zone of the provider's local times; default: UTC
  --strict          refuse values in a nonstandard notation instead of repairing them, like "strict": true in an entry
  --json            print the report as JSON
  --help            print this text
  --version         print the version of Marquee

Exit code:
  0  nothing was refused, and the feed is complete
  1  there are findings of severity error
  2  the feed could not be opened
  64 the command line is not valid
  78 PROVIDERS_FILE is not valid, or has no entry NAME
`;

const options = {
  provider: { type: 'string' },
  strict: { type: 'boolean', default: false },
  format: { type: 'string', default: 'auto' },
  'time-zone': { type: 'string', default: 'UTC' },
  json: { type: 'boolean', default: false },
} as const;

export const command: Command<typeof options> = { help: helpText, options, operands: 'FILE or URL' };

/** Throws UsageError. */
export function parseArguments(
  values: Values<typeof options>,
  sources: readonly string[],
  configured: (name: string) => Provider,
): CheckOptions {
  const [source] = sources;
  const { json, strict, provider: entry } = values;
  if (entry !== undefined) {
    if (sources.length > 1) throw new UsageError(`Got ${sources.length} files, expected at most one.`);
    if (values.format !== 'auto' || values['time-zone'] !== 'UTC')
      throw new UsageError(
        'Got --provider with --format or --time-zone, expected neither: the entry sets both.',
      );
    const provider = configured(entry);
    return { file: source ?? null, provider: strict ? { ...provider, strict } : provider, json };
  }
  if (source === undefined || sources.length > 1)
    throw new UsageError(`Got ${sources.length} files or URLs, expected one.`);
  const format = [...formatNames, 'auto'].find((name) => name === values.format);
  if (format === undefined)
    throw new UsageError(`Got --format ${values.format}, expected ${formatNames.join(', ')} or auto.`);
  if (mappedFormats.has(format))
    throw new UsageError(
      `Got --format ${format}, expected --provider NAME: it needs the mapping of an entry.`,
    );
  const timeZone = values['time-zone'];
  if (!isTimeZone(timeZone))
    throw new UsageError(`Got --time-zone ${timeZone}, expected an IANA time zone like Europe/Madrid.`);
  const isUrl = /^https?:\/\//i.test(source);
  const provider = providerWith(isUrl ? source : 'http://localhost/', format, timeZone, strict);
  return { file: isUrl ? null : source, provider, json };
}

function providerWith(url: string, format: string, timeZone: string, strict: boolean): Provider {
  // A person names the URL on the command line, wherever it leads.
  const entry = { name: 'checked', url, privateAddresses: true, format, timeZone, strict };
  const { providers, faults } = parseProviders({ providers: [entry] }, noSecrets);
  const [provider] = providers;
  if (provider === undefined)
    throw new UsageError(faults.map(({ saw, wanted }) => `Got ${String(saw)}, ${wanted}.`).join(' '));
  return provider;
}
