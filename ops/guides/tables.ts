// Writes the tables of configuration.md from the code: `npm run docs`. What lies between a pair of markers is generated,
// the rest of the guide is written by hand. A test fails when the guide and the code differ.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { runCommand } from '#/kit/command-line/command.ts';
import { providerEntry } from '#/provider/providers-file.ts';
import { variables } from '#/variables.ts';

export const guide = fileURLToPath(new URL('configuration.md', import.meta.url));

interface Note {
  /** Type and unit, where the schema does not give them. */
  readonly type?: string;
  /** The default, where the schema does not give one. */
  readonly fallback?: string;
  readonly about: string;
}

const fields: Record<keyof typeof providerEntry.shape, Note> = {
  name: {
    type: '`a-z 0-9 _ -`, at most 63 characters',
    about: 'part of every id of its events: a renamed provider is a new provider',
  },
  url: { type: 'http(s) URL', about: 'address of the feed' },
  redirectHosts: {
    type: 'list of `host` or `host:port`, at most 20',
    about:
      'other hosts that the feed may redirect to; the same host, also from http to https, needs no entry',
  },
  privateAddresses: {
    about: 'lets a public host name have a private address; see [private addresses](#private-addresses)',
  },
  headers: { type: 'object of names and values', about: 'sent with each request' },
  headerFiles: {
    type: 'object of names and files',
    about: 'sent with each request, each value read from its file',
  },
  basic: {
    type: '`user`, and `password` or `passwordFile`',
    about: 'basic authentication; `user:password@` in `url` does the same',
  },
  bearer: { type: 'text', about: 'bearer token' },
  bearerFile: { type: 'file', about: 'file with the bearer token' },
  format: { about: '`auto` detects the format from the beginning of the feed' },
  timeZone: { type: 'IANA name', about: 'time zone of the local times in the feed' },
  priceZones: {
    about: 'zones that count for the prices; `with-capacity` leaves out zones with capacity 0',
  },
  strict: {
    about: 'refuses values in an unusual notation, instead of repairing them or leaving them unknown',
  },
  lenientXml: {
    about:
      'reads references of HTML such as `&nbsp;`, and a bare `&`; the findings of the run count each of them',
  },
  mapping: {
    type: 'object',
    about: 'where the records and values are, with the format `json` or `csv` ([mappings](mapping.md))',
  },
  pollSeconds: { type: 'seconds', about: 'between two runs of a feed that changes' },
  pollSecondsMax: {
    type: 'seconds',
    fallback: '4 × `pollSeconds`',
    about: 'between two runs of a feed that does not change',
  },
  timeoutSeconds: { type: 'seconds', about: 'for a whole fetch' },
  headersTimeoutSeconds: { type: 'seconds', about: 'until the headers of the response arrive' },
  idleTimeoutSeconds: { type: 'seconds', about: 'between two pieces of the body' },
  bytesPerSecondMin: {
    type: 'bytes per second',
    about: 'average rate that the provider must reach once ten seconds were spent waiting for it',
  },
  feedMegabytesMax: { type: 'megabytes', about: 'size of the body, compressed and decompressed' },
  recordMegabytesMax: { type: 'megabytes', about: 'size of one record' },
  withdrawShareMax: { type: 'share', about: 'share of the listed events that one feed may withdraw' },
  growthFactorMax: {
    type: 'factor',
    about: 'growth of the number of listed events beyond which a feed withdraws nothing',
  },
  priceShareMax: {
    type: 'share',
    about: 'share of the records whose prices one feed may change at once; 1 admits all',
  },
  dateShareMax: { type: 'share', about: 'the same for dates' },
};

/** What JSON Schema says of one field. */
interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number | boolean | object;
}

const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

function variablesTable(): string {
  const names = new RegExp(`\\b(${Object.keys(variables).join('|')})\\b`, 'g');
  const rows = Object.entries(variables).map(
    ([name, { schema, type, default: fallback, about, isSecret }]) => {
      const value = schema.safeParse(undefined).data;
      const isLiteral = (typeof value !== 'object' || Array.isArray(value)) && String(value) === fallback;
      return [
        code(name),
        type,
        isLiteral ? code(fallback) : fallback,
        about.replaceAll(names, (found) => code(found)) + (isSecret ? `; or ${code(`${name}_FILE`)}` : ''),
      ];
    },
  );
  return table(['variable', 'type, unit', 'default', 'meaning'], rows);
}

function fieldsTable(): string {
  const { properties, required = [] } = z.toJSONSchema(providerEntry, { io: 'input' }) as unknown as {
    properties: Record<keyof typeof fields, Property>;
    required?: readonly string[];
  };
  const rows = Object.entries(fields).map(([name, note]) => {
    const property = properties[name as keyof typeof fields];
    return [
      code(name),
      typeOf(property, note),
      defaultOf(property, note, required.includes(name)),
      note.about,
    ];
  });
  return table(['field', 'type, unit', 'default', 'meaning'], rows);
}

function typeOf({ type, enum: names, minimum, maximum }: Property, note: Note): string {
  if (names !== undefined) return names.map(code).join(', ');
  if (type === 'boolean') return 'true or false';
  const words = note.type ?? 'text';
  return type === 'number' ? `${words}, ${minimum} to ${maximum}` : words;
}

function defaultOf({ default: value }: Property, note: Note, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (note.fallback !== undefined) return note.fallback;
  return value === undefined || typeof value === 'object' ? 'none' : code(`${value}`);
}

const help = `Usage: npm run docs -- [--help] [--version]

Writes the tables of ops/guides/configuration.md from the code.
`;

const generated: Readonly<Record<string, () => string>> = { variables: variablesTable, fields: fieldsTable };

/** The guide with its tables as the code has them. Throws when a pair of markers is missing. */
export function withTables(text: string): string {
  let filled = text;
  for (const [name, make] of Object.entries(generated)) {
    const [begin, end] = [`<!-- ${name}: generated by npm run docs -->`, `<!-- end of ${name} -->`];
    const [from, to] = [filled.indexOf(begin), filled.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`Got a guide without "${begin}" and "${end}", expected both.`);
    filled = `${filled.slice(0, from)}${begin}\n\n${make()}\n\n${filled.slice(to)}`;
  }
  return filled;
}

async function write(): Promise<number> {
  await writeFile(guide, withTables(await readFile(guide, 'utf8')));
  return 0;
}

if (import.meta.main)
  process.exitCode = await runCommand(process.argv.slice(2), { help, options: {} }, write);
