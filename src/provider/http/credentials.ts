// The credentials in a provider's entry: headers, user and password, or a token. Secrets come from variables or files and are
// sent in headers only. No fault that this module returns contains a secret.

import { messageOf } from '#/kit/errors.ts';

/** Access to secrets. */
export interface Secrets {
  /** Undefined when the variable is not set. */
  variable(name: string): string | undefined;
  /** Throws when the file cannot be read. */
  file(path: string): string;
}

/** For an entry that refers to no variables or files. */
export const noSecrets: Secrets = {
  variable: () => undefined,
  file: (path) => {
    throw new Error(`Got ${path}, expected no file.`);
  },
};

export interface CredentialFields {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headerFiles: Readonly<Record<string, string>>;
  readonly basic?:
    | {
        readonly user: string;
        readonly password?: string | undefined;
        readonly passwordFile?: string | undefined;
      }
    | undefined;
  readonly bearer?: string | undefined;
  readonly bearerFile?: string | undefined;
}

export interface Credentials {
  /** Without user and password. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
}

/** `at`: the path of the field within the entry. */
export type CredentialFault = { readonly at: string; readonly saw: string; readonly wanted: string };

const headersMax = 50;
const valueLengthMax = 8192;
const headerName = /^[\w!#$%&'*+.^`|~-]{1,256}$/;
// oxlint-disable-next-line no-control-regex -- a header must not contain these
const unprintable = /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/;
const variableName = /\$\{([^}]*)\}/g;
/** Headers that the connection or Marquee sets. */
const reserved = new Set(
  `host content-length transfer-encoding connection keep-alive te trailer upgrade expect
   proxy-authorization proxy-authenticate proxy-connection
   accept-encoding range if-range if-match if-unmodified-since if-none-match if-modified-since`.split(/\s+/),
);

export function credentialsOf(
  fields: CredentialFields,
  secrets: Secrets,
): { credentials: Credentials; faults: CredentialFault[] } {
  const faults: CredentialFault[] = [];
  const headers: Record<string, string> = {};
  const refuse = (at: string, saw: string, wanted: string): void => void faults.push({ at, saw, wanted });

  function filled(text: string, at: string, encode = (value: string): string => value): string {
    return text.replaceAll(variableName, (reference, name: string) => {
      const value = secrets.variable(name);
      if (value === undefined) refuse(at, reference, `expected the variable ${name} to be set`);
      return encode(value ?? '');
    });
  }

  function readFrom(path: string, at: string): string {
    try {
      return secrets.file(path).replace(/\r?\n$/, '');
    } catch (error) {
      refuse(at, path, `expected a readable file: ${messageOf(error)}`);
      return '';
    }
  }

  function add(name: string, value: string, at: string): void {
    const key = name.toLowerCase();
    const wanted = !headerName.test(name)
      ? 'expected the name of a header'
      : reserved.has(key)
        ? 'expected a header that neither the connection nor Marquee sets by itself'
        : key in headers
          ? 'expected each header once'
          : null;
    if (wanted !== null) return refuse(at, name.slice(0, 60), wanted);
    if (unprintable.test(value))
      refuse(at, 'a secret', 'expected Latin-1 text without control characters or line breaks');
    if (value.length > valueLengthMax)
      refuse(at, 'a secret', `expected at most ${valueLengthMax} characters`);
    headers[key] = value.trim();
  }

  // 1. Headers
  for (const [name, value] of Object.entries(fields.headers))
    add(name, filled(value, `headers.${name}`), `headers.${name}`);
  for (const [name, path] of Object.entries(fields.headerFiles))
    add(name, readFrom(path, `headerFiles.${name}`), `headerFiles.${name}`);
  if (Object.keys(headers).length > headersMax)
    refuse('headers', `${Object.keys(headers).length} headers`, `expected at most ${headersMax}`);

  // 2. Authorization, in one way only
  const ways: [at: string, value: string][] = [];
  const { basic, bearer, bearerFile } = fields;
  if (bearer !== undefined) ways.push(['bearer', `Bearer ${filled(bearer, 'bearer')}`]);
  if (bearerFile !== undefined) ways.push(['bearerFile', `Bearer ${readFrom(bearerFile, 'bearerFile')}`]);
  if (basic !== undefined) {
    const { password, passwordFile } = basic;
    if ((password === undefined) === (passwordFile === undefined))
      refuse('basic', 'a user', 'expected either password or passwordFile');
    const secret =
      passwordFile === undefined
        ? filled(password ?? '', 'basic.password')
        : readFrom(passwordFile, 'basic.passwordFile');
    const user = filled(basic.user, 'basic.user');
    if (user.includes(':')) refuse('basic.user', 'a user with a colon', 'expected a user without a colon');
    ways.push(['basic', basicOf(user, secret)]);
  }
  const address = filled(fields.url, 'url', encodeURIComponent);
  const url = URL.parse(address);
  const hasUser = url !== null && (url.username !== '' || url.password !== '');
  if (hasUser) ways.push(['url', basicOf(decoded(url.username), decoded(url.password))]);
  if (hasUser) Object.assign(url, { username: '', password: '' });
  for (const [at, value] of ways) add('authorization', value, at);
  return { credentials: { url: hasUser ? url.href : address, headers }, faults };
}

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const secretFields: ReadonlySet<PropertyKey> = new Set(['headers', 'basic', 'bearer']);

/** How a fault shows the value at `path` of the providers file: recognisable, but without anything that may be secret. */
export function shownOf(saw: unknown, path: readonly PropertyKey[]): unknown {
  if (saw === undefined || typeof saw === 'number' || typeof saw === 'boolean' || saw === null) return saw;
  if (Array.isArray(saw)) return saw.length === 0 ? saw : `a list of ${saw.length}`;
  if (typeof saw === 'object') return Object.keys(saw);
  if (path.some((key) => secretFields.has(key))) return 'a secret';
  return typeof saw === 'string' ? withoutSecrets(saw).replace(/^[^/]*@/, '…@') : saw;
}

/** Removes user, password, query and fragment of URLs, since they may be secrets. */
export const withoutSecrets = (text: string): string =>
  text.replace(/\/\/.*@/s, '//…@').replace(/(:\/\/[^?#]*)[?#][^"]*/, '$1?…');
