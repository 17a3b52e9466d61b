/**
 * What a body is in an export: JSON in which some places are filled in when it is deployed. Each target language writes the
 * same tree in its own words.
 */
import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

export type Template =
  | { readonly type: "value"; readonly value: string | number | boolean | null }
  | { readonly type: "list"; readonly items: readonly Template[] }
  | ObjectTemplate
  /** The text of a file beside the module. */
  | { readonly type: "file"; readonly file: TextFile }
  /** What whoever deploys must give: a secret. */
  | { readonly type: "parameter"; readonly parameter: SecretParameter }
  /** ARM id of something on the same service, by its path below that. */
  | { readonly type: "resourceId"; readonly path: string };

export type ObjectTemplate = {
  readonly type: "object";
  readonly members: readonly (readonly [string, Template])[];
};

/** A text that stands in a file of its own where the target language can read files. */
export type TextFile = { readonly path: string; readonly text: string };

export type SecretParameter = {
  /** `named`, `value`, `plain-secret`, `value`: each target makes a name of them in its own style. */
  readonly words: readonly string[];
  /** For people, one line. */
  readonly description: string;
};

/** What to put in the place of a string of a body; undefined leaves the string as it is. */
export type FillString = (text: string, path: readonly (string | number)[]) => Template | undefined;

/** A body as a template. Members that are not set are left out; keys keep their order. */
function templateOf(value: Json, fill: FillString, path: readonly (string | number)[] = []): Template {
  if (typeof value === "string") return fill(value, path) ?? { type: "value", value };
  if (isJsonObject(value)) return objectTemplate(value, fill, path);
  if (isList(value))
    return { type: "list", items: value.map((item, index) => templateOf(item, fill, [...path, index])) };
  return { type: "value", value };
}

export function objectTemplate(
  value: JsonObject,
  fill: FillString,
  path: readonly (string | number)[] = [],
): ObjectTemplate {
  const members = Object.entries(value).flatMap(([key, member]): [string, Template][] =>
    member === undefined ? [] : [[key, templateOf(member, fill, [...path, key])]],
  );
  return { type: "object", members };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** All places in a template that are of a type. */
export function placesOf<Type extends Template["type"]>(
  template: Template,
  type: Type,
): Extract<Template, { readonly type: Type }>[] {
  const found: Extract<Template, { readonly type: Type }>[] = [];
  const isWanted = (each: Template): each is Extract<Template, { readonly type: Type }> => each.type === type;
  const visit = (each: Template): void => {
    if (isWanted(each)) found.push(each);
    if (each.type === "list") each.items.forEach(visit);
    if (each.type === "object") each.members.forEach(([, member]) => visit(member));
  };
  visit(template);
  return found;
}

/** A member of an object template. */
export function memberOf(template: ObjectTemplate, name: string): Template | undefined {
  return template.members.find(([key]) => key === name)?.[1];
}
