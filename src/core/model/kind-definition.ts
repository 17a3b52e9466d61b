import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { namedValueNames } from "../policy/references.ts";
import type { MarkPlace } from "./ownership.ts";
import type { Kind } from "./resource.ts";

/** All that plan, apply and the local APIM's users need to know about one kind of resource, beside how it is made. */
export type KindDefinition = {
  readonly kind: Kind;
  /** For people: `named value`. */
  readonly title: string;
  /**
   * The properties as they are compared: without the mark, read-only fields, the server's defaults and nulls; durations and
   * references in one spelling. Takes `properties` of either side.
   */
  readonly normalize: (properties: JsonObject) => JsonObject;
  /** Where its own mark is. Absent for policies, whose document carries it, and for kinds that belong to the owner of their parent. */
  readonly mark?: MarkPlace;
  /**
   * The properties that the spec decides, given the desired ones. The others are neither compared nor changed: a write takes
   * them over from the live resource. Absent: all of them, so that what the spec does not say is removed.
   */
  readonly manages?: (desired: JsonObject) => readonly string[];
  /** It has no ETag, so that writes and deletes take no condition. */
  readonly hasNoEtag?: true;
  /** A property whose value the service gives to one resource of the kind only. */
  readonly unique?: { readonly property: string; readonly ignoresCase?: true };
  /** Lists whose items have an identity: dotted path to the field that names an item. */
  readonly identities: Readonly<Record<string, string>>;
  /**
   * ARM paths below the service that this one refers to; they must exist before it and outlive it. Named values are not among
   * them: those are referred to by display name, in any text.
   */
  readonly references: (properties: JsonObject) => readonly string[];
};

/** Drops nulls, empty objects and empty lists, at any depth: the service fills in either for what is not set. */
export function withoutEmpty(value: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const kept = trimEmpty(member);
    if (kept !== undefined) result[key] = kept;
  }
  return result;
}

function trimEmpty(value: Json | undefined): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items: Json[] = value.flatMap((item: Json) => trimEmpty(item) ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (!isJsonObject(value)) return value;
  const members = withoutEmpty(value);
  return Object.keys(members).length === 0 ? undefined : members;
}

/** Drops the named members. */
export function without(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !names.includes(key)));
}

/** Drops members that equal the server's default, so that leaving one out and spelling it out mean the same. */
export function withoutDefaults(value: JsonObject, defaults: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key, member]) => member !== defaults[key]));
}

export function stringMember(value: JsonObject, name: string): string | undefined {
  const member = value[name];
  return typeof member === "string" ? member : undefined;
}

export function numberMember(value: JsonObject, name: string): number | undefined {
  const member = value[name];
  return typeof member === "number" ? member : undefined;
}

export function objectMember(value: JsonObject, name: string): JsonObject | undefined {
  const member = value[name];
  return isJsonObject(member) ? member : undefined;
}

export function listMember(value: JsonObject, name: string): readonly Json[] {
  const member: Json | undefined = value[name];
  return isJsonArray(member) ? member : [];
}

function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Last segment of an ARM id: the service spells the rest its own way. */
export function lastSegment(armId: string): string {
  return armId.slice(armId.lastIndexOf("/") + 1);
}

/** `{{name}}` references in any string of a body. */
export function namedValuesIn(value: Json | undefined): string[] {
  if (typeof value === "string") return namedValueNames(value);
  if (Array.isArray(value)) return value.flatMap((item: Json) => namedValuesIn(item));
  return isJsonObject(value) ? Object.values(value).flatMap((member) => namedValuesIn(member)) : [];
}
