/** What a header says of a body's kind. */
import type { HeaderMap } from "./message.ts";

/** The media type in lower case, without parameters; undefined when there is none. */
export function mediaType(headers: HeaderMap): string | undefined {
  const value = headers.get("Content-Type")?.[0]?.split(";")[0]?.trim().toLowerCase();
  return value === "" ? undefined : value;
}

/** `application/json`, `text/json` and types that end with `+json`. */
export function isJsonType(type: string): boolean {
  return /^(?:application|text)\/json$|\+json$/.test(type);
}

/** `application/xml`, `text/xml` and types that end with `+xml`. */
export function isXmlType(type: string): boolean {
  return /^(?:application|text)\/xml$|\+xml$/.test(type);
}

/** Whether the caller asks for a type by name; `*` is no name [inferred]. */
export function accepts(headers: HeaderMap, isWanted: (type: string) => boolean): boolean {
  const ranges = (headers.get("Accept") ?? []).flatMap((value) => value.split(","));
  return ranges.some((range) => isWanted(range.split(";")[0]?.trim().toLowerCase() ?? ""));
}
