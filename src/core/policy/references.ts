/** What policies name: backends, fragments, loggers, named values. */
import type { PolicyElement, Range } from "./tree.ts";
import { walkElements } from "./walk.ts";

export type ReferenceKind = "backend" | "fragment" | "logger" | "namedValue";

/** A name that the service looks up. `range` is where it stands, for parsed documents. */
export type PolicyReference = { readonly kind: ReferenceKind; readonly name: string; readonly range?: Range };

/** All references of an element and of what stands in it. Names that an expression computes are not among them. */
export function policyReferences(root: PolicyElement): PolicyReference[] {
  const found: PolicyReference[] = [];
  walkElements(root, (element) => {
    found.push(...attributeReferences(element), ...textReferences(element));
  });
  return found;
}

/** Display names in the `{{name}}` references of a text; APIM replaces them before it parses the document. */
export function namedValueNames(text: string): string[] {
  return [...text.matchAll(/\{\{([A-Za-z0-9\-._]+)\}\}/g)].flatMap((match) => match[1] ?? []);
}

function attributeReferences(element: PolicyElement): PolicyReference[] {
  return element.attributes.flatMap(({ name, value, valueRange }) => {
    const range = valueRange === undefined ? {} : { range: valueRange };
    const values = namedValueNames(value).map((named): PolicyReference => ({
      kind: "namedValue",
      name: named,
      ...range,
    }));
    const kind = referenceKind(element.name, name, value);
    return kind === undefined ? values : [...values, { kind, name: value, ...range }];
  });
}

function referenceKind(element: string, attribute: string, value: string): ReferenceKind | undefined {
  const isComputed = value.trimStart().startsWith("@") || value.includes("{{");
  if (isComputed) return undefined;
  // `dapr` is no backend but selects another form of set-backend-service.
  if (attribute === "backend-id") return value === "dapr" ? undefined : "backend";
  if (attribute === "embeddings-backend-id") return "backend";
  if (attribute === "fragment-id" && element === "include-fragment") return "fragment";
  return attribute === "logger-id" && element === "log-to-eventhub" ? "logger" : undefined;
}

function textReferences(element: PolicyElement): PolicyReference[] {
  return element.children.flatMap((node) => {
    if (node.type !== "text") return [];
    const range = node.range === undefined ? {} : { range: node.range };
    return namedValueNames(node.value).map((name): PolicyReference => ({
      kind: "namedValue",
      name,
      ...range,
    }));
  });
}
