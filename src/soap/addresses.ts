// Network addresses: one way of writing each, and lists of those that may do something.

import { BlockList, isIP } from 'node:net';

/** An address as it is compared and kept: IPv4 inside IPv6 as IPv4, without the zone of a link. */
export function plainAddress(address: string): string {
  const text = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  return mapped ?? text;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether a text is an IP address, or a range of them such as 10.0.0.0/8. */
export function isAddressOrRange(text: string): boolean {
  const [address, prefix, ...more] = text.split('/');
  const family = isIP(address!);
  if (family === 0 || address!.includes('%') || more.length > 0) return false;
  if (prefix === undefined) return true;
  const bits = family === 4 ? 32 : 128;
  return (
    /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && plainAddress(address!) === address!.toLowerCase()
  );
}

/** Makes the question whether an address is one of these, or in one of these ranges. */
export function addressList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [text, prefix] = entry.split('/');
    const address = plainAddress(text!);
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
  };
}
