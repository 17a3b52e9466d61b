import { nearestName } from "../nearest-name.ts";
import type { Path, Report } from "./finding.ts";
import { formatPath } from "./path-text.ts";
import { didYouMean } from "./suggestion.ts";
import type { YamlEntry, YamlMap, YamlNode } from "./yaml-node.ts";

/** What makes a spec this spec and not another one: the same in all environments. */
const fixedKeys = ["apimgw", "name", "environments"];

/**
 * The base with an environment merged over it: maps are merged, lists and scalars replaced, null removes a key. Nodes keep
 * the places they were written at.
 */
export function mergeOverlay(base: YamlMap, overlay: YamlMap, report: Report): YamlMap {
  const entries = new Map(overlay.entries);
  for (const key of fixedKeys) {
    const fixed = entries.get(key);
    if (!fixed) continue;
    entries.delete(key);
    report({
      rule: "overlay-key",
      message: `\`${key}\` is the same in all environments; it cannot be changed in one`,
      span: fixed.key,
    });
  }
  return mergeMaps(base, { ...overlay, entries }, [], report);
}

function mergeMaps(base: YamlMap, overlay: YamlMap, path: Path, report: Report): YamlMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of overlay.entries) {
    const below = entries.get(key);
    if (entry.value.kind === "scalar" && entry.value.value === null && !entry.value.unresolved) {
      if (!entries.delete(key)) reportNothingToRemove(key, entry, base, path, report);
    } else {
      entries.set(key, mergeEntry(below, entry, [...path, key], report));
    }
  }
  const incomplete = base.incomplete ?? overlay.incomplete;
  return { ...base, entries, ...(incomplete ? { incomplete } : {}) };
}

function mergeEntry(below: YamlEntry | undefined, entry: YamlEntry, path: Path, report: Report): YamlEntry {
  const { value } = entry;
  if (value.kind !== "map") return entry;
  if (below?.value.kind === "map")
    return { key: below.key, value: mergeMaps(below.value, value, path, report) };
  return { key: entry.key, value: mergeMaps(emptyLike(value), value, path, report) };
}

/** What an overlay's new map is merged over, so that a null deep inside it is found to remove nothing. */
function emptyLike(node: YamlMap): YamlMap {
  return { ...node, entries: new Map<string, { key: YamlEntry["key"]; value: YamlNode }>() };
}

function reportNothingToRemove(
  key: string,
  entry: YamlEntry,
  base: YamlMap,
  path: Path,
  report: Report,
): void {
  const nearest = nearestName(key, [...base.entries.keys()]);
  const where = path.length === 0 ? "the base" : `${formatPath(path)} of the base`;
  report({
    rule: "nothing-to-remove",
    message: `null removes \`${key}\`, which is not in ${where}${didYouMean(nearest)}`,
    span: entry.key,
    help: "give it a value, or remove the line",
  });
}
