/** What is PUT for a step. */
import type { JsonObject } from "../json.ts";
import { objectMember, stringMember, without, withoutEmpty } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import { markDescription, readDescription } from "../model/ownership.ts";
import type { Resource } from "../model/resource.ts";
import { printPolicyDocument } from "../policy/print.ts";
import type { Step } from "./compare.ts";
import { withContentDigest } from "./content.ts";

/** Read-only on the wire, though returned among the properties. */
const readOnly = ["provisioningState", "isOnline", "isCurrent", "apiVersionSet", "sourceApiId"];

/**
 * The body that carries out a create, update or adopt. Documents go as `xml`, where every text has one reading. Properties that
 * the spec does not decide are taken over from the live resource, since a PUT replaces.
 */
export function writeBody(step: Step & { readonly resource: Resource }): JsonObject {
  const body = ownBody(step);
  const { live, resource } = step;
  if (resource.kind !== "revision" || live === undefined) return body;
  // An import replaces these, too.
  const { apiRevision, apiRevisionDescription } = live.properties;
  return { properties: { ...objectMember(body, "properties"), apiRevision, apiRevisionDescription } };
}

function ownBody(step: Step & { readonly resource: Resource }): JsonObject {
  const { live } = step;
  const resource = withContentDigest(step.resource);
  const wanted = objectMember(resource.body, "properties") ?? {};
  if (resource.document !== undefined) {
    const value = printPolicyDocument(resource.document, { dialect: "xml" });
    return { properties: { ...wanted, format: "xml", value } };
  }
  const { manages } = kinds[resource.kind];
  // It is sent as a PATCH: what is not given stays.
  if (resource.kind === "subscription") return { properties: defined(wanted) };
  if (live === undefined || manages === undefined || needsImport(step)) return resource.body;
  // What the spec decides and leaves out must not come back from the live side.
  // What is not set comes back as null, which the service's own contract does not allow in a request.
  const kept = withoutEmpty(without(live.properties, [...readOnly, ...manages(wanted)]));
  const decided = defined(without(wanted, ["format", "value", "translateRequiredQueryParameters"]));
  return { properties: { ...kept, ...decided, ...keptMark(resource, live.properties) } };
}

/** Whether the OpenAPI document must be imported again: it changed, or operations that it makes are missing. */
export function needsImport({ change, resource }: Step): boolean {
  if (resource?.operations === undefined) return false;
  return (
    change.action !== "update" ||
    change.edits.some(({ path }) => path === "openapi" || path.startsWith("operations["))
  );
}

/** An API that the spec only changes keeps the mark of whoever made it. */
function keptMark({ body, mustExist }: Resource, live: JsonObject): JsonObject {
  const wanted = stringMember(objectMember(body, "properties") ?? {}, "description");
  const { mark } = readDescription(stringMember(live, "description") ?? "");
  if (mustExist !== true || wanted === undefined || mark === undefined) return {};
  return { description: markDescription(wanted, mark) };
}

function defined(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
