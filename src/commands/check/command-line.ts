// What feed:check is asked to do.

import { isTimeZone } from '#/domain/wall-clock.ts';
import { UsageError, type Command, type Values } from '#/kit/command-line/command.ts';
import { noSecrets } from '#/provider/http/credentials.ts';
import { formatNames, type Provider } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';

export interface Wanted {
  /** Null: the provider is asked. */
  readonly file: string | null;
  /** Its entry in the providers file; else as if it had one, with every limit at its default. */
  readonly provider: Provider;
  readonly json: boolean;
}

const helpText = `Reads a feed as ingest would, and says what is in it and what is amiss. Touches nothing.

Usage: npm run feed:check -- FILE|URL [options]
       npm run feed:check -- --provider NAME [FILE] [options]

Options:
  --provider NAME   an entry of PROVIDERS_FILE: its URL, credentials, format, time zone and limits
  --format NAME     ${formatNames.join(', ')} or auto (found from how the feed begins); default: auto
  --time-zone ZONE  the IANA time zone of the provider's local times; default: UTC
  --strict          refuses values that are not written as they should be, as an entry with "strict": true does
  --json            the report as JSON, for programs
  --help            this text
  --version         which Marquee this is

Exit code:
  0  nothing was refused, and the feed was whole
  1  there are findings of severity error
  2  the feed could not be opened
  64 the command line is not valid
  78 PROVIDERS_FILE is not valid, or has no such entry
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
export function wantedOf(
  values: Values<typeof options>,
  sources: readonly string[],
  configured: (name: string) => Provider,
): Wanted {
  const [source] = sources;
  const { json, strict, provider: entry } = values;
  if (entry !== undefined) {
    if (sources.length > 1) throw new UsageError(`Got ${sources.length} feeds, expected at most one FILE.`);
    if (values.format !== 'auto' || values['time-zone'] !== 'UTC')
      throw new UsageError('Got --provider with --format or --time-zone, expected those of its entry.');
    const provider = configured(entry);
    return { file: source ?? null, provider: strict ? { ...provider, strict } : provider, json };
  }
  if (source === undefined || sources.length > 1)
    throw new UsageError(`Got ${sources.length} feeds, expected one FILE or URL.`);
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

function providerWith(url: string, format: string, timeZone: string, strict: boolean): Provider {
  const entry = { name: 'checked', url, format, timeZone, strict };
  const { providers, faults } = parseProviders({ providers: [entry] }, noSecrets);
  const [provider] = providers;
  if (provider === undefined)
    throw new UsageError(faults.map(({ saw, wanted }) => `Got ${String(saw)}, ${wanted}.`).join(' '));
  return provider;
}
