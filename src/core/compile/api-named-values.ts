import { namedValueNames } from "../policy/references.ts";
import type { Problem } from "../problem.ts";
import type { ApiSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext } from "./compile.ts";
import { checkNamedValue } from "./hand-written.ts";

/** The named values that an API's own settings refer to: they end up in its policies, where the service replaces them. */
export function checkApiNamedValues(
  { names, source }: Pick<CompileContext, "names" | "source">,
  id: string,
  { deny, managedIdentity }: ApiSpec,
): Problem[] {
  const settings: readonly (readonly [path: readonly string[], value: unknown])[] = [
    [["managedIdentity"], managedIdentity],
    [["deny", "reason"], deny?.reason],
    [["deny", "body"], deny?.body],
  ];
  return settings.flatMap(([path, value]) => {
    if (value === undefined) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const at = source.locate(pointer("apis", id, ...path));
    return namedValueNames(text).flatMap((name) => checkNamedValue(name, names, at) ?? []);
  });
}
