/** IP addresses as people write them, alone, by prefix or from one to another; as `ip-filter` takes them. */
import ipaddr from "ipaddr.js";

/** What is expected, as messages say it after "expected". */
export const addressRule =
  "an address, a prefix such as 203.0.113.0/24, or a range such as 203.0.113.7-203.0.113.20";

/** Both ends are part of it; they are the same for a single address. */
export type AddressRange = { readonly from: string; readonly to: string };

export function isAddressRange(text: string): boolean {
  return parseAddressRange(text) !== undefined;
}

/** Undefined for what is no address, no prefix and no range from low to high. */
export function parseAddressRange(text: string): AddressRange | undefined {
  if (text.includes("/")) return prefixRange(text);
  const [from = "", to = from, ...others] = text.split("-").map((part) => part.trim());
  const [low, high] = [bytesOf(from), bytesOf(to)];
  if (low === undefined || high === undefined || others.length > 0) return undefined;
  return low.length === high.length && compareBytes(low, high) <= 0 ? { from, to } : undefined;
}

function prefixRange(text: string): AddressRange | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(text);
  const bytes = address.toByteArray();
  const end = (fill: number): string => {
    const filled = bytes.map((byte, index) => {
      const kept = Math.min(8, Math.max(0, bits - index * 8));
      const rest = 0xff >> kept;
      return fill === 0 ? byte & ~rest : byte | rest;
    });
    return ipaddr.fromByteArray(filled).toString();
  };
  return { from: end(0), to: end(1) };
}

function bytesOf(text: string): readonly number[] | undefined {
  const isWhole = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isWhole ? ipaddr.parse(text).toByteArray() : undefined;
}

function compareBytes(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
