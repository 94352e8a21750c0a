// What feed:check is asked to do.

import { isTimeZone } from '#/domain/wall-clock.ts';
import { UsageError, type Command, type Values } from '#/kit/command.ts';
import { formatNames, type Provider } from '#/provider/provider.ts';
import { parseProviders } from '#/provider/providers-file.ts';

export interface Wanted {
  /** A path, or an http(s) URL. */
  readonly source: string;
  /** As if the source had an entry in the providers file, with every limit at its default. */
  readonly provider: Provider;
  readonly json: boolean;
}

const helpText = `Reads a feed as ingest would, and says what is in it and what is amiss. Touches nothing.

Usage: npm run feed:check -- FILE|URL [options]

Options:
  --format NAME     ${formatNames.join(', ')} or auto (found from how the feed begins); default: auto
  --time-zone ZONE  the IANA time zone of the provider's local times; default: UTC
  --json            the report as JSON, for programs
  --help            this text
  --version         which Marquee this is

Exit code:
  0  nothing was refused, and the feed was whole
  1  there are findings of severity error
  2  the feed could not be opened
  64 the command line is not valid
`;

const options = {
  format: { type: 'string', default: 'auto' },
  'time-zone': { type: 'string', default: 'UTC' },
  json: { type: 'boolean', default: false },
} as const;

export const command: Command<typeof options> = { help: helpText, options, operands: 'FILE or URL' };

/** Throws UsageError. */
export function wantedOf(values: Values<typeof options>, sources: readonly string[]): Wanted {
  const [source] = sources;
  if (source === undefined || sources.length > 1)
    throw new UsageError(`Got ${sources.length} feeds, expected one FILE or URL.`);
  const format = [...formatNames, 'auto'].find((name) => name === values.format);
  if (format === undefined)
    throw new UsageError(`Got --format ${values.format}, expected ${formatNames.join(', ')} or auto.`);
  const timeZone = values['time-zone'];
  if (!isTimeZone(timeZone))
    throw new UsageError(`Got --time-zone ${timeZone}, expected an IANA time zone like Europe/Madrid.`);
  return { source, provider: providerWith(format, timeZone), json: values.json };
}

/** The URL is not asked: the source may be a file. */
function providerWith(format: string, timeZone: string): Provider {
  const entry = { name: 'checked', url: 'http://localhost/', format, timeZone };
  const [provider] = parseProviders({ providers: [entry] }).providers;
  if (provider === undefined)
    throw new UsageError(`Got ${JSON.stringify(entry)}, expected a provider's entry.`);
  return provider;
}
