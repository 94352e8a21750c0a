// The address that a request is counted by. Only proxies that are configured as trusted may name another address than their own.

import { BlockList, isIP } from 'node:net';

/** `forwarded`: the value of X-Forwarded-For. */
export type ClientAddress = (remote: string | undefined, forwarded: string | undefined) => string;

/** Hops that are read at most: a header of 16 KB could name thousands. */
const hopsMax = 16;

/** `trusted`: addresses and ranges such as `10.0.0.0/8`. */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const range of trusted) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean =>
    proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (remote = 'none', forwarded) => {
    let client = remote;
    if (trusted.length > 0 && forwarded !== undefined && isIP(remote) !== 0) {
      // From the right: each proxy appends the address that it sees.
      const hops = forwarded.split(',').slice(-hopsMax).toReversed();
      for (const hop of hops) {
        if (!isTrusted(client)) break;
        const address = hop.trim();
        if (isIP(address) === 0) break;
        client = address;
      }
    }
    return networkOf(client);
  };
}

/** IPv6 by its first 64 bits: a single client has at least that many addresses. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::')
    ? Array.from({ length: 8 - before.length - after.length }, () => '0')
    : [];
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':').toLowerCase()}::/64`;
}
