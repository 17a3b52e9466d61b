/** System.Uri, as far as addresses of web services need it. */
import { argumentNull, exception, invalidOperation } from "../errors.ts";
import { stringArray } from "../sequences.ts";
import { EnumValue, UriValue } from "../values.ts";
import type { UriParts, Value } from "../values.ts";
import { percentDecode } from "./text-types.ts";
import { defineMembers, defineStatics, instanceOf } from "./registry.ts";
import type { Args } from "./registry.ts";

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, ws: 80, wss: 443 };
const absolutePattern =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?([^/?#:@[\]]+|\[[\da-fA-F:.]+\])(?::(\d{1,5}))?([^?#]*)(\?[^#]*)?(#.*)?$/;

/** Reads an address; undefined when it is not an absolute one. */
export function parseAbsolute(text: string): UriParts | undefined {
  const [, scheme, userInfo = "", host, port, path = "", query = "", fragment = ""] =
    absolutePattern.exec(text.trim()) ?? [];
  if (scheme === undefined || host === undefined || /\s/.test(host)) return undefined;
  const lower = scheme.toLowerCase();
  return {
    scheme: lower,
    userInfo,
    host: host.toLowerCase(),
    port: port === undefined ? (defaultPorts[lower] ?? -1) : Number(port),
    path: escaped(withoutDots(path === "" ? "/" : path)),
    query: escaped(query),
    fragment: escaped(fragment),
  };
}

function withoutDots(path: string): string {
  const made: string[] = [];
  const parts = path.split("/");
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === "..") {
      if (made.length > 1) made.pop();
    } else if (part !== ".") made.push(part);
    if (isLast && (part === "." || part === "..")) made.push("");
  }
  return made.join("/");
}

function escaped(text: string): string {
  return text.replace(/%(?![\da-fA-F]{2})|[^!#$&'()*+,\-./0-9:;=?@A-Z[\]_a-z~%]+/g, (part) =>
    encodeURIComponent(part),
  );
}

function authority({ scheme, host, port }: UriParts): string {
  return port === -1 || port === defaultPorts[scheme] ? host : `${host}:${port}`;
}

function printParts(parts: UriParts): string {
  const user = parts.userInfo === "" ? "" : `${parts.userInfo}@`;
  return `${parts.scheme}://${user}${authority(parts)}${parts.path}${parts.query}${parts.fragment}`;
}

function uriOf(text: string, allowsRelative: boolean): UriValue {
  const absolute = parseAbsolute(text);
  if (absolute !== undefined) return new UriValue(printPlain(text, absolute), absolute);
  if (allowsRelative) return new UriValue(text, undefined);
  const why =
    text === ""
      ? "Invalid URI: The URI is empty."
      : "Invalid URI: The format of the URI could not be determined.";
  throw exception("UriFormatException", why);
}

/** `ToString()` shows the address with unescaped characters as they were given. */
function printPlain(text: string, parts: UriParts): string {
  return /[^\x21-\x7e]/.test(text.trim()) ? percentDecode(printParts(parts)) : printParts(parts);
}

/** `new Uri(text)`, `new Uri(text, kind)` and `new Uri(base, relative)`. */
export function createUri(args: Args): Value {
  const first = args.at(0);
  if (!(first instanceof UriValue)) {
    const kind = args.at(1);
    return uriOf(args.text(0, "uriString"), kind instanceof EnumValue && kind.name !== "Absolute");
  }
  const second = args.at(1);
  const relative = second instanceof UriValue ? second.original : args.text(1, "relativeUri");
  const { absolute } = first;
  if (absolute === undefined)
    throw exception("ArgumentOutOfRangeException", "This operation is not supported for a relative URI.");
  return uriOf(resolve(absolute, relative), false);
}

function resolve(base: UriParts, relative: string): string {
  if (parseAbsolute(relative) !== undefined) return relative;
  const origin = `${base.scheme}://${authority(base)}`;
  if (relative.startsWith("/")) return origin + relative;
  if (relative.startsWith("?")) return origin + base.path + relative;
  return origin + base.path.slice(0, base.path.lastIndexOf("/") + 1) + relative;
}

function part(read: (parts: UriParts) => Value) {
  return ({ absolute }: UriValue): Value => {
    if (absolute === undefined) throw invalidOperation("This operation is not supported for a relative URI.");
    return read(absolute);
  };
}

function segments(path: string): string[] {
  return path.match(/[^/]*\/|[^/]+$/g) ?? [];
}

function leftPart(uri: UriValue, args: Args): Value {
  const kind = args.at(0);
  if (!(kind instanceof EnumValue) || uri.absolute === undefined) throw args.refuse(0);
  const { absolute } = uri;
  const origin = `${absolute.scheme}://`;
  if (kind.name === "Scheme") return origin;
  const host = origin + authority(absolute);
  if (kind.name === "Authority") return host;
  return host + absolute.path + (kind.name === "Query" ? absolute.query : "");
}

defineMembers(["Uri"], instanceOf(UriValue), {
  get: {
    AbsolutePath: part(({ path }) => path),
    AbsoluteUri: part(printParts),
    Authority: part(authority),
    DnsSafeHost: part(({ host }) => host),
    Fragment: part(({ fragment }) => fragment),
    Host: part(({ host }) => host),
    IsAbsoluteUri: ({ absolute }) => absolute !== undefined,
    IsDefaultPort: part(({ scheme, port }) => port === (defaultPorts[scheme] ?? -1)),
    LocalPath: part(({ path }) => percentDecode(path)),
    OriginalString: ({ original }) => original,
    PathAndQuery: part(({ path, query }) => path + query),
    Port: part(({ port }) => port),
    Query: part(({ query }) => query),
    Scheme: part(({ scheme }) => scheme),
    Segments: part(({ path }) => stringArray(segments(path))),
    UserInfo: part(({ userInfo }) => userInfo),
  },
  call: { GetLeftPart: leftPart },
});

const unreserved = /[A-Za-z0-9\-_.~]/;

function escapeData(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 128 && unreserved.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

defineStatics("Uri", {
  get: { SchemeDelimiter: () => "://", UriSchemeHttp: () => "http", UriSchemeHttps: () => "https" },
  call: {
    EscapeDataString: (args) => args.ev.text(escapeData(args.text(0, "stringToEscape"))),
    EscapeUriString: (args) => args.ev.text(escaped(args.text(0, "stringToEscape"))),
    IsWellFormedUriString: (args) => {
      const text = args.textOrNull(0);
      return text !== null && parseAbsolute(text) !== undefined && escaped(text) === text;
    },
    TryCreate: (args) => {
      const kind = args.at(1);
      const text = args.textOrNull(0);
      if (text === null) throw argumentNull("uriString");
      const allowsRelative = kind instanceof EnumValue && kind.name !== "Absolute";
      const absolute = parseAbsolute(text);
      args.out(2).set(absolute === undefined && !allowsRelative ? null : uriOf(text, true));
      return absolute !== undefined || allowsRelative;
    },
    UnescapeDataString: (args) => percentDecode(args.text(0, "stringToUnescape")),
  },
});
