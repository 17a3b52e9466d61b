/** The properties in which two normalized bodies differ: one list, from which everything that is shown comes. */
import { canonicalJson, isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { compareText } from "../problem.ts";
import type { Edit } from "./plan.ts";

/** Lists whose items have an identity: dotted path to the field that names an item. */
export type Identities = Readonly<Record<string, string>>;

/** Edits that turn `before` into `after`, sorted by path. List items with an identity are matched by it, in any order. */
export function compareProperties(before: JsonObject, after: JsonObject, identities: Identities): Edit[] {
  return compareObjects(before, after, "", identities).sort((a, b) => compareText(a.path, b.path));
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, identities: Identities): Edit[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    compareValues(before[key], after[key], path === "" ? key : `${path}.${key}`, identities),
  );
}

function compareValues(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  identities: Identities,
): Edit[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isJsonObject(before) && isJsonObject(after)) return compareObjects(before, after, path, identities);
  const identity = identities[path];
  if (identity !== undefined && Array.isArray(before) && Array.isArray(after)) {
    const left = byIdentity(before, identity);
    const right = byIdentity(after, identity);
    if (left !== undefined && right !== undefined) return compareItems(left, right, path);
    const [old, item] = [onlyItem(before), onlyItem(after)];
    if (old !== undefined && item !== undefined) return compareObjects(old, item, `${path}[0]`, {});
  }
  return [edit(path, before, after)];
}

function compareItems(
  before: ReadonlyMap<string, JsonObject>,
  after: ReadonlyMap<string, JsonObject>,
  path: string,
): Edit[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => {
    const left = before.get(name);
    const right = after.get(name);
    const at = `${path}[${name}]`;
    return left !== undefined && right !== undefined
      ? compareObjects(left, right, at, {})
      : [edit(at, left, right)];
  });
}

function byIdentity(items: readonly Json[], field: string): Map<string, JsonObject> | undefined {
  const result = new Map<string, JsonObject>();
  for (const item of items) {
    if (!isJsonObject(item)) return undefined;
    const name = item[field];
    if (typeof name !== "string" || result.has(name)) return undefined;
    result.set(name, item);
  }
  return result;
}

/** The one item of a list without names, such as a breaker's rule: the same on both sides. */
function onlyItem(items: readonly Json[]): JsonObject | undefined {
  const [first] = items;
  return items.length === 1 && isJsonObject(first) ? first : undefined;
}

function edit(path: string, before: Json | undefined, after: Json | undefined): Edit {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** One line an edit: `url: "a" -> "b"`, with `+` for what is new and `-` for what goes. */
export function formatEdits(edits: readonly Edit[]): string {
  return edits.map((item) => formatEdit(item)).join("\n");
}

function formatEdit({ path, before, after, isSecret }: Edit): string {
  if (isSecret === true) return `~ ${path}: (secret) -> (secret)`;
  if (before === undefined) return `+ ${path}: ${JSON.stringify(after)}`;
  if (after === undefined) return `- ${path}: ${JSON.stringify(before)}`;
  return `~ ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
}
