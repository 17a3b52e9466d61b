/** System.Net.IPAddress: reading, bytes and family. */
import { argumentNull, formatException } from "../errors.ts";
import { EnumValue, IPAddressValue } from "../values.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";

/** Reads an IPv4 or IPv6 address; undefined for other text. */
function readAddress(text: string): IPAddressValue | undefined {
  return readFour(text) ?? readSix(text.replace(/^\[(.*)\]$/, "$1").replace(/%\w+$/, ""));
}

function readFour(text: string): IPAddressValue | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  const bytes = Uint8Array.from(parts, Number);
  return new IPAddressValue(bytes, bytes.join("."));
}

function readSix(text: string): IPAddressValue | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0 || !text.includes(":")) return undefined;
  const [left, right] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  return new IPAddressValue(
    Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])),
    printSix(groups),
  );
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  for (const part of text.split(":")) {
    const four = part.includes(".") ? readFour(part)?.bytes : undefined;
    if (four !== undefined)
      groups.push(((four[0] ?? 0) << 8) | (four[1] ?? 0), ((four[2] ?? 0) << 8) | (four[3] ?? 0));
    else if (/^[\da-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** The longest run of zeros is left out. */
function printSix(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(":");
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return text;
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before}:${after === "" ? ":" : after}`.replace(/^:(?!:)/, "::");
}

defineMembers(["IPAddress"], instanceOf(IPAddressValue), {
  get: {
    AddressFamily: ({ bytes }) =>
      bytes.length === 4
        ? new EnumValue("AddressFamily", "InterNetwork", 2)
        : new EnumValue("AddressFamily", "InterNetworkV6", 23),
  },
  call: { GetAddressBytes: ({ bytes }) => bytes.slice() },
});

defineStatics("IPAddress", {
  call: {
    IsLoopback: (args) => {
      const address = args.at(0);
      if (!(address instanceof IPAddressValue))
        throw address === null ? argumentNull("address") : args.refuse(0, "IPAddress");
      return address.bytes.length === 4 ? address.bytes[0] === 127 : address.text === "::1";
    },
    Parse: (args) => {
      const address = readAddress(args.text(0, "ipString"));
      if (address === undefined) throw formatException("An invalid IP address was specified.");
      return address;
    },
    TryParse: (args) => {
      const address = readAddress(args.textOrNull(0) ?? "");
      args.out(1).set(address ?? null);
      return address !== undefined;
    },
  },
});
