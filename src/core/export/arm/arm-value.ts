/** Templates as values of ARM's JSON, whose strings are expressions when they stand in brackets. */
import type { Json } from "../../json.ts";
import { armTypeOf } from "../deployment.ts";
import { secretName } from "../secret-names.ts";
import type { NamedSecret } from "../secret-names.ts";
import type { Template } from "../template.ts";
import { serviceParameter } from "../vocabulary.ts";

export function armValue(template: Template, secrets: readonly NamedSecret[]): Json {
  switch (template.type) {
    case "value":
      return typeof template.value === "string" ? armString(template.value) : template.value;
    case "list":
      return template.items.map((item) => armValue(item, secrets));
    case "object":
      return Object.fromEntries(template.members.map(([key, member]) => [key, armValue(member, secrets)]));
    case "file":
      return armString(template.file.text);
    case "parameter":
      return `[parameters('${secretName(secrets, template.parameter)}')]`;
    case "resourceId":
      return `[${resourceIdCall(template.path)}]`;
  }
}

/** A text that ARM must not take for an expression: that is what stands in brackets, and a second one at its start says that it is not. */
export function armString(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? `[${text}` : text;
}

/** The function call that gives the ARM id of the service. */
export function serviceIdCall(): string {
  return resourceId("Microsoft.ApiManagement/service", []);
}

/** The function call that gives the ARM id of a resource, or of a collection such as `apis`, on the service. */
export function resourceIdCall(path: string): string {
  const { type, names } = armTypeOf(path);
  const isCollection = path.split("/").length % 2 === 1;
  if (!isCollection) return resourceId(type, names);
  const [, parent, collection] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
  const above = parent === undefined ? serviceIdCall() : resourceIdCall(parent);
  return `concat(${above}, ${quoted(`/${collection ?? ""}`)})`;
}

function resourceId(type: string, names: readonly string[]): string {
  return `resourceId(${[quoted(type), `parameters('${serviceParameter}')`, ...names.map(quoted)].join(", ")})`;
}

/** A text as an expression within ARM's brackets. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
