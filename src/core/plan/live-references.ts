/** What live entries refer to. */
import { namedValuesIn, stringMember } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import { namedValuePath } from "../model/kinds/named-value.ts";
import { referencedPaths } from "../model/references.ts";
import type { LiveEntry, LiveModel } from "./live.ts";

/** Display name → id. */
export function namedValueIds({ entries }: LiveModel): (displayName: string) => string | undefined {
  const named = entries.filter(({ kind }) => kind === "namedValue");
  const ids = new Map(named.map(({ id, properties }) => [stringMember(properties, "displayName") ?? id, id]));
  return (displayName) => ids.get(displayName);
}

/** ARM paths that an entry refers to. */
export function referencesOf(
  { kind, properties, document }: LiveEntry,
  namedValueId: (displayName: string) => string | undefined,
): readonly string[] {
  if (document !== undefined) return referencedPaths(document.root, namedValueId);
  const ids = namedValuesIn(properties).flatMap((name) => namedValueId(name) ?? []);
  return [...kinds[kind].references(properties), ...ids.map((id) => namedValuePath(id))];
}
