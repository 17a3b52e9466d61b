import type { Location } from "../location.ts";
import type { GatewaySpec } from "./schema.ts";

/**
 * Where things stand in the spec: JSON pointers of the merged spec (`/backends/aoai/url`, RFC 6901 escapes) to places in
 * the file, in the overlay when the overlay gave the value. A pointer that is not in the file gives its nearest ancestor.
 */
export interface SpecSource {
  readonly file: string;
  /** The value. */
  locate(pointer: string): Location;
  /** The key of a mapping entry; the value's place for list items and for the root. */
  locateKey(pointer: string): Location;
  /**
   * A place inside a string value, for errors in policy XML that is written in the spec: `offset` counts UTF-16 units of the
   * value. Exact for block scalars (`|`) and one-line scalars, else the start of the value.
   */
  locateWithin(pointer: string, offset: number): Location;
}

/** A spec that is sound by itself, after overlays and variables. */
export type ParsedSpec = { readonly spec: GatewaySpec; readonly source: SpecSource };

/** Builds a JSON pointer from path segments. */
export function pointer(...segments: readonly (string | number)[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
