import { namedValueNames } from "../policy/references.ts";
import { characterName, findIllegalCharacter } from "../policy/xml-text.ts";
import type { Problem } from "../problem.ts";
import type { ApiSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext } from "./compile.ts";
import { checkNamedValue } from "./hand-written.ts";

/**
 * The texts of an API's own settings that end up in its policies: they must be texts that XML can hold, and their `{{name}}`
 * named values that are known.
 */
export function checkApiSettings(
  { names, source }: Pick<CompileContext, "names" | "source">,
  id: string,
  { deny, managedIdentity, operations = {} }: ApiSpec,
): Problem[] {
  const place = (...path: string[]): string => pointer("apis", id, ...path);
  const settings: readonly (readonly [value: unknown, pointer: string])[] = [
    [managedIdentity, place("managedIdentity")],
    [deny?.reason, place("deny", "reason")],
    [deny?.body, place("deny", "body")],
  ];
  const ids = Object.keys(operations).flatMap((operation) =>
    checkCharacters(operation, source.locateKey(place("operations", operation))),
  );
  const values = settings.flatMap(([value, at]) => {
    if (value === undefined) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const location = source.locate(at);
    const named = namedValueNames(text).flatMap((name) => checkNamedValue(name, names, location) ?? []);
    return [...checkCharacters(text, location), ...named];
  });
  return [...values, ...ids];
}

export function checkCharacters(text: string, at: Problem["at"]): Problem[] {
  const illegal = findIllegalCharacter(text);
  if (illegal === -1) return [];
  const message = `this holds the character ${characterName(text, illegal)}, which a policy document cannot hold`;
  return [{ rule: "illegal-character", severity: "error", message, at, help: "take it out" }];
}
