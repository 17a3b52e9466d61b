/**
 * The order of changes, from what each declares to depend on:
 *
 *   namedValue ─► logger ──────────────────────► diagnostic
 *        │
 *        ├──────► backend ─► pool ─┐
 *        │                         ├─► policy of an API ─► policies of its operations
 *        └──────► fragment ────────┤
 *                                  │
 *                 API ─────────────┴─► productApi ◄─ product
 *
 * Writes come first, in that direction, one level at a time; deletes after all writes, in the other direction.
 */
import { kindNames } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { pathKey } from "./live.ts";
import type { Change } from "./plan.ts";

/** Sorts changes into the order in which they are applied. Throws on a cycle, which no spec can express. */
export function orderChanges<Item extends { readonly change: Change }>(items: readonly Item[]): Item[] {
  const levels = changeLevels(items.map(({ change }) => change));
  const rank = ({ change }: Item): [number, number, number] => [
    change.action === "delete" ? 1 : 0,
    levels.get(pathKey(change.path)) ?? 0,
    kindNames.indexOf(change.kind) * (change.action === "delete" ? -1 : 1),
  ];
  return [...items].sort((a, b) => {
    const [phaseA, levelA, kindA] = rank(a);
    const [phaseB, levelB, kindB] = rank(b);
    return phaseA - phaseB || levelA - levelB || kindA - kindB || compareText(a.change.path, b.change.path);
  });
}

/** How many changes must come before each, counted along the longest chain of dependencies. */
function changeLevels(changes: readonly Change[]): Map<string, number> {
  const byPath = new Map(changes.map((change) => [pathKey(change.path), change]));
  const levels = new Map<string, number>();
  const visit = (change: Change, above: ReadonlySet<string>): number => {
    const key = pathKey(change.path);
    const known = levels.get(key);
    if (known !== undefined) return known;
    if (above.has(key)) throw new Error(`dependency cycle through ${change.path}`);
    const inside = new Set([...above, key]);
    const below = change.dependsOn.flatMap((path) => byPath.get(pathKey(path)) ?? []);
    const level = below.reduce((most, other) => Math.max(most, visit(other, inside) + 1), 0);
    levels.set(key, level);
    return level;
  };
  for (const change of changes) visit(change, new Set());
  return levels;
}
