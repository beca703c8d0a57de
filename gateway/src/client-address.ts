import { BlockList, isIP, isIPv4 } from 'node:net';
import { invariant } from '@florin/primitives';

/** Proxies in front of us are a handful; more entries in `X-Forwarded-For` are somebody's game. */
const HOPS_MAX = 10;

/** Who is calling, for the rate limits: from the socket, or from what proxies of ours appended. */
export type ClientAddress = (socketAddress: string | undefined, forwardedFor: string | undefined) => string;

/**
 * Reads the address of a client. `X-Forwarded-For` counts only when the socket belongs to a trusted proxy, and then
 * from the right, up to the first address that is not one: everything left of it the client may have made up.
 *
 * @param trustedProxies addresses or CIDR ranges; none by default
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) addRange(trusted, proxy);
  const isTrusted = (address: string) => trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

  return (socketAddress, forwardedFor) => {
    let address = plainAddress(socketAddress);
    if (trustedProxies.length === 0 || forwardedFor === undefined) return limitKey(address);
    const hops = forwardedFor.split(',').slice(-HOPS_MAX).reverse();
    for (const hop of hops) {
      if (isIP(address) === 0 || !isTrusted(address)) break;
      const next = plainAddress(hop.trim());
      if (isIP(next) === 0) break;
      address = next;
    }
    return limitKey(address);
  };
}

function addRange(trusted: BlockList, proxy: string): void {
  const [address = '', prefix] = proxy.split('/');
  const family = isIP(address);
  invariant(family !== 0, 'a trusted proxy is not an address or a range');
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (prefix === undefined) trusted.addAddress(address, type);
  else trusted.addSubnet(address, Number(prefix), type);
}

const MAPPED_PREFIX = '::ffff:';

function plainAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith(MAPPED_PREFIX) && address.includes('.') ? address.slice(MAPPED_PREFIX.length) : address;
}

/** One household has a /64 of IPv6 and may use every address in it, so that is what counts as one. */
function limitKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: missing }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/**
 * The network of an address that `ClientAddress` gave, for the audit record: /24 of IPv4, /48 of IPv6. Enough to see that
 * somebody was elsewhere, and not enough to know a household by it. The whole address is for the limits, and kept nowhere.
 */
export function networkOf(address: string): string {
  if (address.includes(':')) return `${address.split(':').slice(0, 3).join(':')}::/48`;
  return isIPv4(address) ? `${address.split('.').slice(0, 3).join('.')}.0/24` : 'unknown';
}
