/** Somebody else who writes to a resource between a client's read and its write. */
import type { JsonObject } from "../../core/json.ts";
import { element } from "../../core/policy/build.ts";
import type { PolicyDocument } from "../../core/policy/tree.ts";
import { renditions } from "./kinds/policy.ts";
import { readPolicyText } from "./policy-text.ts";
import type { ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { newEtag } from "./stored.ts";
import { textOf } from "./validate.ts";

/** Gives the resource another ETag and, when it is edited, another content. Nothing happens to what is not there. */
export function interfere(service: ServiceStore, path: string, how: "edit" | "touch"): void {
  const stored = service.get(path);
  if (stored === undefined) return;
  const edited = how === "edit" ? { ...stored, properties: editedProperties(stored) } : stored;
  service.commit([{ put: { ...edited, etag: newEtag() } }]);
}

/** An edit that leaves marks of ownership alone, as a person's in the portal would. */
function editedProperties({ properties }: Stored): JsonObject {
  const rawxml = textOf(properties["rawxml"]);
  const reading = rawxml === undefined ? undefined : readPolicyText(rawxml, "rawxml");
  if (reading?.ok === true) return { ...properties, ...renditions(editedDocument(reading.document)) };
  if (typeof properties["value"] === "string")
    return { ...properties, value: `${properties["value"]}-edited` };
  if (properties["sampling"] !== undefined)
    return { ...properties, logClientIp: properties["logClientIp"] !== true };
  return { ...properties, description: `Edited. ${textOf(properties["description"]) ?? ""}` };
}

/** One more policy at the beginning of the first section, or of the fragment. */
function editedDocument(document: PolicyDocument): PolicyDocument {
  const added = element("set-variable", { name: "edited", value: "by somebody else" });
  const { root } = document;
  if (root.name === "fragment")
    return { ...document, root: { ...root, children: [added, ...root.children] } };
  const first = root.children.findIndex((node) => node.type === "element");
  const children = root.children.map((node, index) =>
    node.type === "element" && index === first ? { ...node, children: [added, ...node.children] } : node,
  );
  return { ...document, root: { ...root, children } };
}
