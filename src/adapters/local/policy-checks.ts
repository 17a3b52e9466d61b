/**
 * What the service checks of a document that is well-formed: its root and sections, and that everything it names is there.
 * Not a linter: policies' own attributes and C# pass unseen.
 */
import { attributeValue, childElements } from "../../core/policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../../core/policy/tree.ts";
import { fieldError } from "./errors.ts";
import type { ArmError } from "./errors.ts";
import { isComputed, ownNamedValues, placeOf, visitElements } from "./policy-text.ts";
import { findNamedValue } from "./references.ts";
import type { ServiceStore } from "./service-store.ts";
import { keyOf } from "./stored.ts";

const sections = ["inbound", "backend", "outbound", "on-error"];

/** Throws ArmError when the root or the sections are not as they must be. */
export function checkStructure(document: PolicyDocument, root: "policies" | "fragment"): void {
  if (document.root.name !== root) throw refuseRoot(document.root, root);
  if (root === "fragment") refuseSectionsIn(document.root);
  else checkSections(document.root);
}

function refuseRoot(element: PolicyElement, root: "policies" | "fragment"): ArmError {
  // A bare section as the root, in the service's words: MicrosoftDocs/azure-docs#111058.
  if (sections.includes(element.name)) return refuse(childElements(element)[0] ?? element, notInScope);
  return refuse(element, `The root element must be '${root}'.`);
}

const notInScope = "Policy section is not allowed in the specified scope";

function checkSections(policies: PolicyElement): void {
  refuseText(policies, sections.join(", "));
  const seen = new Set<string>();
  for (const section of childElements(policies)) {
    if (!sections.includes(section.name) || seen.has(section.name)) {
      const expected = sections.filter((name) => !seen.has(name)).join(", ");
      const end = expected === "" ? "" : ` List of possible elements expected: '${expected}'.`;
      throw refuse(section, `The element 'policies' has invalid child element '${section.name}'.${end}`);
    }
    seen.add(section.name);
    refuseText(section);
    refuseSectionsIn(section);
  }
}

function refuseText(element: PolicyElement, expected?: string): void {
  const hasText = element.children.some((node) => node.type === "text" && node.value.trim() !== "");
  if (!hasText) return;
  const end = expected === undefined ? "" : ` List of possible elements expected: '${expected}'.`;
  throw refuse(element, `The element '${element.name}' cannot contain text.${end}`);
}

/** A section inside a section or a fragment; deeper down, any XML may be data. */
function refuseSectionsIn(element: PolicyElement): void {
  const misplaced = childElements(element).find(({ name }) => sections.includes(name));
  if (misplaced !== undefined) throw refuse(misplaced, notInScope);
}

/** Keys of all resources the document needs. Throws ArmError for the first that is not there. */
export function resolveReferences(service: ServiceStore, document: PolicyDocument): string[] {
  const uses = new Set<string>();
  for (const { element } of visitElements(document.root)) {
    for (const name of ownNamedValues(element)) uses.add(needNamedValue(service, element, name));
    const path = referredPath(element);
    if (path !== undefined) uses.add(need(service, element, path));
  }
  return [...uses];
}

/** Path of the resource that an element's literal id names. `dapr` is another form of set-backend-service, no backend. */
function referredPath(element: PolicyElement): string | undefined {
  const attribute = referringAttributes[element.name];
  const id = attribute === undefined ? undefined : attributeValue(element, attribute.name);
  if (attribute === undefined || id === undefined || isComputed(id)) return undefined;
  return attribute.collection === "backends" && id === "dapr" ? undefined : `${attribute.collection}/${id}`;
}

const referringAttributes: Readonly<Record<string, { readonly name: string; readonly collection: string }>> =
  {
    "set-backend-service": { name: "backend-id", collection: "backends" },
    "llm-content-safety": { name: "backend-id", collection: "backends" },
    "azure-openai-semantic-cache-lookup": { name: "embeddings-backend-id", collection: "backends" },
    "llm-semantic-cache-lookup": { name: "embeddings-backend-id", collection: "backends" },
    "include-fragment": { name: "fragment-id", collection: "policyFragments" },
    "log-to-eventhub": { name: "logger-id", collection: "loggers" },
  };

function need(service: ServiceStore, element: PolicyElement, path: string): string {
  if (service.get(path) !== undefined) return keyOf(path);
  const id = path.slice(path.indexOf("/") + 1);
  // Wordings: Azure/apiops#56, Azure/apiops#67, and the reports on log-to-eventhub.
  if (path.startsWith("backends/")) throw refuse(element, `Backend with id '${id}' could not be found.`);
  if (path.startsWith("loggers/")) throw refuse(element, "Logger not found");
  throw refuse(element, `Policy fragment with id '${id}' could not be found.`);
}

function needNamedValue(service: ServiceStore, element: PolicyElement, name: string): string {
  const found = findNamedValue(service, name);
  if (found === undefined) throw fieldError(element.name, `Cannot find a property '${name}'`);
  return keyOf(found.path);
}

function refuse(element: PolicyElement, message: string): ArmError {
  return fieldError(element.name, `Error in element '${element.name}' on ${placeOf(element)}: ${message}`);
}
