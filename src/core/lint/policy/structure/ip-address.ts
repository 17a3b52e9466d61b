export type IpAddress = { readonly version: 4 | 6; readonly value: bigint };

/** Reads an IPv4 or IPv6 address in its usual notations; undefined for anything else. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { version: 4, value: v4 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { version: 6, value: v6 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = withoutV4Tail(text).split("::");
  if (halves.length > 2 || !text.includes(":")) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

/** `::ffff:10.0.0.1` as hexadecimal groups. */
function withoutV4Tail(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const v4 = parseV4(text.slice(start));
  if (v4 === undefined || start === 0) return text;
  return `${text.slice(0, start)}${(v4 >> 16n).toString(16)}:${(v4 & 65_535n).toString(16)}`;
}
