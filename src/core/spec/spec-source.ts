import { locateSpan, type Path } from "./finding.ts";
import type { SpecSource } from "./source.ts";
import type { LineIndex } from "./text-position.ts";
import { valueOffset } from "./value-offset.ts";
import { items, field, keySpan, Place, type YamlMap } from "./yaml-node.ts";

/** Finds places in the file for the nodes of a spec after overlays, overrides and variables. */
export function createSpecSource(file: string, text: string, lines: LineIndex, root: YamlMap): SpecSource {
  return {
    file,
    locate(pointer) {
      const place = nearestPlace(root, parsePointer(pointer));
      return locateSpan(place.node, file, lines, place.path);
    },
    locateKey(pointer) {
      const place = nearestPlace(root, parsePointer(pointer));
      return locateSpan(keySpan(place), file, lines, place.path);
    },
    locateWithin(pointer, offset) {
      const { node, path } = nearestPlace(root, parsePointer(pointer));
      const start = node.kind === "scalar" ? valueOffset(text, node, offset) : undefined;
      return locateSpan(start === undefined ? node : { start, end: start }, file, lines, path);
    },
  };
}

/** The node of a path, or its nearest ancestor that is in the file. */
function nearestPlace(root: YamlMap, path: Path): Place {
  let place = new Place(root);
  for (const segment of path) {
    const next = place.node.kind === "list" ? items(place)[Number(segment)] : field(place, String(segment));
    if (!next) return place;
    place = next;
  }
  return place;
}

function parsePointer(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
