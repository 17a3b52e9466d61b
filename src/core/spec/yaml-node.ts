import type { Path } from "./finding.ts";
import type { Span } from "./text-position.ts";

/**
 * The spec as a tree whose every key and value knows its place in the file. Overlays, variables and checks work on this
 * tree; plain values are made from it only for validation.
 */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

export type YamlScalar = Span & {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** What was written, unfolded and unescaped, before variables. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** The characters of the text in the file, where they are not the text itself: escapes, indentation, folding. */
  readonly content?: Span & { readonly indent: number };
  /** Where the value is not just what was written: from a variable, or from a command-line flag such as `--service`. */
  readonly origin?: { readonly variables: readonly ValuePiece[] } | { readonly flag: string };
  /** The value is not known (an unset variable, an alias that is refused): it is not checked any further. */
  readonly unresolved?: true;
};

/** From `at` in the value on, until the next piece, the value was made from `from` on in the text. */
export type ValuePiece = { readonly at: number; readonly from: number; readonly isVariable: boolean };

export type YamlEntry = { readonly key: Span; readonly value: YamlNode };

export type YamlMap = Span & {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** Something in it was refused, such as a merge key: what is missing has been reported by that. */
  readonly incomplete?: true;
};

export type YamlList = Span & { readonly kind: "list"; readonly items: readonly YamlNode[] };

/** A node with the way to it. The path is put together only when asked for: most places are fine and are never reported. */
export class Place {
  readonly node: YamlNode;
  readonly key: Span | undefined;
  readonly #segment: string | number | undefined;
  readonly #parent: Place | undefined;

  constructor(node: YamlNode, key?: Span, segment?: string | number, parent?: Place) {
    this.node = node;
    this.key = key;
    this.#segment = segment;
    this.#parent = parent;
  }

  /** The key or index that leads here from its parent; undefined for the root. */
  get segment(): string | number | undefined {
    return this.#segment;
  }

  get path(): Path {
    return this.#segment === undefined ? [] : [...(this.#parent?.path ?? []), this.#segment];
  }
}

/** The map with other entries. */
export function withEntries({ start, end, incomplete }: YamlMap, entries: YamlMap["entries"]): YamlMap {
  return incomplete ? { kind: "map", start, end, entries, incomplete } : { kind: "map", start, end, entries };
}

/** Where to point for the key of a place; for list items and the root, the value. */
export function keySpan(place: Place): Span {
  return place.key ?? place.node;
}

export function field(place: Place | undefined, key: string): Place | undefined {
  const entry = place?.node.kind === "map" ? place.node.entries.get(key) : undefined;
  if (!place || !entry) return undefined;
  return new Place(entry.value, entry.key, key, place);
}

/** Entries of a map, none for anything else. */
export function fields(place: Place | undefined): Place[] {
  if (place?.node.kind !== "map") return [];
  return Array.from(place.node.entries, ([key, entry]) => new Place(entry.value, entry.key, key, place));
}

/** Items of a list, none for anything else. */
export function items(place: Place | undefined): Place[] {
  if (place?.node.kind !== "list") return [];
  return place.node.items.map((node, index) => new Place(node, undefined, index, place));
}

export function placeAt(root: YamlNode, path: Path): Place | undefined {
  let place: Place | undefined = new Place(root);
  for (const segment of path) {
    if (!place) return undefined;
    place = typeof segment === "number" ? items(place)[segment] : field(place, segment);
  }
  return place;
}

/** The last segment of the way to a place, as text; empty for the root. */
export function nameOf(place: Place): string {
  return String(place.segment ?? "");
}

/** The value when it is a known string. */
export function stringAt(place: Place | undefined): string | undefined {
  const value = scalarAt(place);
  return typeof value === "string" ? value : undefined;
}

/** The value when it is a known scalar. */
export function scalarAt(place: Place | undefined): string | number | boolean | null | undefined {
  return place?.node.kind === "scalar" && !place.node.unresolved ? place.node.value : undefined;
}

/** A plain JavaScript value. Keys are own properties; `__proto__` has been refused when reading. */
export function toPlain(node: YamlNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map((item) => toPlain(item));
    case "map": {
      const plain: Record<string, unknown> = {};
      for (const [key, entry] of node.entries) plain[key] = toPlain(entry.value);
      return plain;
    }
  }
}
