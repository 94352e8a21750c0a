// Where a feed may be, against server-side request forgery: a provider's public name must not lead into the network of this host.
// The addresses that a name has at the moment of the connection decide, so a name that resolves to another address later
// (rebinding) leads nowhere either.
//
// Private addresses are allowed for a host that the operator wrote as an address, for names that have a meaning in a private
// network only (`simulator`, `feeds.internal`), and for the hosts of an entry with `privateAddresses`.

import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { FeedFault } from '#/provider/fault.ts';
import type { Provider } from '#/provider/provider.ts';

/** IPv4 by the IANA special-purpose registry: not reachable, or not meant to be reached, over the internet. */
// prettier-ignore
const ranges4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24',
  '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
] as const;
const ranges6 = [
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '100::/64',
  '2001:db8::/32',
] as const;
/** Prefixes of 96 bits before an IPv4 address: mapped, and translated by NAT64. 6to4 has its own form. */
const carriers = ['::ffff:', '64:ff9b::'] as const;

const special = new BlockList();
for (const range of ranges4) addRange(range, 'ipv4');
for (const range of ranges6) addRange(range, 'ipv6');
for (const range of ranges4) {
  const [address = '', bits] = range.split('/');
  for (const prefix of carriers) special.addSubnet(prefix + address, 96 + Number(bits), 'ipv6');
  const hex = Buffer.from(address.split('.').map(Number)).toString('hex');
  special.addSubnet(`2002:${hex.slice(0, 4)}:${hex.slice(4)}::`, 16 + Number(bits), 'ipv6');
}

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = range.split('/');
  special.addSubnet(address, Number(bits), family);
}

/** Loopback, link-local, private and other addresses that no public name should have. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || special.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

const privateName = /^[^.]+$|\.(?:localhost|local|internal|intranet|lan|home|corp|private|svc|home\.arpa)$/;

/** `hostname` as in a URL. Whether it is a private address, or a name that only a private network has. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(bare) === 0 ? privateName.test(bare) : isPrivateAddress(bare);
}

/** The hosts of the entries whose feeds may be at private addresses. */
export const privateHostsOf = (
  providers: readonly Pick<Provider, 'url' | 'redirectHosts' | 'privateAddresses'>[],
): ReadonlySet<string> =>
  new Set(
    providers
      .filter(({ privateAddresses }) => privateAddresses)
      .flatMap(({ url, redirectHosts }) => [new URL(url).hostname, ...redirectHosts])
      .map((host) => host.replace(/:\d+$/, '')),
  );

/** As `lookup` of node:dns with `all`; a test passes its own. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `lookup` for connections, which finds no private address for a public name. Its error is a FeedFault, `address_refused`,
 * when a name has no other address.
 */
export function guardedLookup(privateHosts: ReadonlySet<string>, resolve: Resolve = resolveName) {
  return (hostname: string, options: LookupOptions, found: Found): void => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const isOpen = privateHosts.has(hostname) || isPrivateHost(hostname);
      const allowed = isOpen ? addresses : addresses.filter(({ address }) => !isPrivateAddress(address));
      const [first] = allowed;
      if (first === undefined) found(refused(hostname, addresses), []);
      else if (options.all === true) found(null, allowed);
      else found(null, first.address, first.family);
    });
  };
}

const refused = (hostname: string, addresses: readonly LookupAddress[]): FeedFault =>
  new FeedFault(
    'address_refused',
    `Got the address ${addresses[0]?.address ?? 'none'} for ${hostname}, expected a public one, or privateAddresses in the entry.`,
  );
