/**
 * The order of changes, from what each declares to depend on:
 *
 *   namedValue ─► logger ──────────────────────► diagnostic
 *        │
 *        ├──────► backend ─► pool ─┐
 *        │                         ├─► policy of an API ─► policies of its operations
 *        └──────► fragment ────────┤
 *                                  │
 *   roleAssignment ────────────────┤
 *                                  │
 *  version set ─► API ─────────────┴─► productApi ◄─ policy of a product ◄─ product
 *                                                                │
 *                                                                └─► subscription
 *
 * Writes come first, in that direction, one level at a time; deletes after all writes, in the other direction. Only a delete that
 * a write waits for (handovers.ts) stands among the writes.
 */
import { Failure } from "../failure.ts";
import { formatLocation } from "../location.ts";
import { kinds } from "../model/kinds/index.ts";
import { kindNames } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { pathKey } from "./live.ts";
import type { Change } from "./plan.ts";

/** Sorts changes into the order in which they are applied. Throws Failure `PLAN.CYCLE` when they wait for each other. */
export function orderChanges<Item extends { readonly change: Change }>(items: readonly Item[]): Item[] {
  const changes = items.map(({ change }) => change);
  const levels = changeLevels(changes);
  const early = earlyDeletes(changes);
  const rank = ({ change }: Item): [number, number, number] => [
    change.action === "delete" && !early.has(pathKey(change.path)) ? 1 : 0,
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
  const visit = (change: Change, above: readonly Change[]): number => {
    const key = pathKey(change.path);
    const known = levels.get(key);
    if (known !== undefined) return known;
    const start = above.findIndex(({ path }) => pathKey(path) === key);
    if (start !== -1) throw cycle(above.slice(start));
    const inside = [...above, change];
    const below = change.dependsOn.flatMap((path) => byPath.get(pathKey(path)) ?? []);
    const level = below.reduce((most, other) => Math.max(most, visit(other, inside) + 1), 0);
    levels.set(key, level);
    return level;
  };
  for (const change of changes) visit(change, []);
  return levels;
}

/** Only documents can name each other: fragments that include one another, or themselves. */
function cycle(changes: readonly Change[]): Failure {
  const names = changes.map(({ kind, id, origin }) => {
    const where = origin === null ? "" : ` (${formatLocation(origin)})`;
    return `${kinds[kind].title} \`${id}\`${where}`;
  });
  const [first = ""] = names;
  const message =
    names.length === 1
      ? `${first} refers to itself`
      : `each refers to the next in a ring: ${names.join(", ")}`;
  return new Failure("PLAN.CYCLE", message, {
    why: "the service takes a resource only when all that it refers to is there",
    remedy: "take one of the references out",
  });
}

/** Paths of the deletes that a write waits for, and of those that they wait for themselves. */
export function earlyDeletes(changes: readonly Change[]): ReadonlySet<string> {
  const deletes = new Map(
    changes.flatMap((change) =>
      change.action === "delete" ? [[pathKey(change.path), change] as const] : [],
    ),
  );
  const early = new Set<string>();
  const mark = (path: string): void => {
    const found = deletes.get(pathKey(path));
    if (found === undefined || early.has(pathKey(path))) return;
    early.add(pathKey(path));
    found.dependsOn.forEach(mark);
  };
  for (const { action, dependsOn } of changes) if (action !== "delete") dependsOn.forEach(mark);
  return early;
}
