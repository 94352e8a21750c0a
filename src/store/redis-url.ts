// The forms of REDIS_URL: one server, a server behind Sentinels, or a Cluster; each with optional TLS and ACL user.
//
//   redis://user:password@host:6379/0
//   redis+sentinel://user:password@host-1:26379,host-2:26379/master-name
//   redis+cluster://user:password@host-1:6379,host-2:6379
//   rediss…:// for TLS

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | null;
  readonly password: string | null;
  /** For a single server; 0 otherwise. */
  readonly database: number;
  /** The master's name in the Sentinels' configuration. */
  readonly master: string | null;
}

const shape = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@]+)(?:\/([^/?]*))?$/;

/** Null when the text does not have one of the forms. */
export function parseRedisUrl(url: string): RedisAddress | null {
  const match = shape.exec(url);
  if (match === null) return null;
  const [, scheme, form, user, password, hostList = '', path] = match;
  const kind = (form ?? 'single') as RedisAddress['kind'];
  const hosts = hostList.split(',').map((entry) => hostOf(entry, kind === 'sentinel' ? 26_379 : 6379));
  if (hosts.some((host) => host === null) || (kind === 'single' && hosts.length > 1)) return null;
  if (kind === 'sentinel' && !path) return null;
  if (kind === 'cluster' && path !== undefined) return null;
  if (kind === 'single' && path !== undefined && !/^\d{0,5}$/.test(path)) return null;
  return {
    kind,
    tls: scheme === 'rediss',
    hosts: hosts.flatMap((host) => host ?? []),
    username: unescaped(user),
    password: unescaped(password),
    database: kind === 'single' ? Number(path ?? 0) : 0,
    master: kind === 'sentinel' ? (path ?? null) : null,
  };
}

function hostOf(entry: string, port: number): RedisAddress['hosts'][number] | null {
  const match = /^(\[[\da-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(entry);
  const given = Number(match?.[2] ?? port);
  if (match?.[1] === undefined || given < 1 || given > 65_535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ''), port: given };
}

function unescaped(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
