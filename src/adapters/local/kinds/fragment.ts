import type { Json, JsonObject } from "../../../core/json.ts";
import { plainValidationError } from "../errors.ts";
import { checkStructure, resolveReferences } from "../policy-checks.ts";
import { readPolicyText } from "../policy-text.ts";
import { armId } from "../references.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { nameOf } from "../stored.ts";
import { accept, fields, oneOf, text, textOf } from "../validate.ts";
import { armType } from "./arm-type.ts";
import { refuseWhenUsed } from "./in-use.ts";
import type { Accepted, PolicyFormat, ResourceKind, WriteInput } from "./kind.ts";
import { idRule } from "./kind.ts";
import { checkSize, renditions, writeAnswer } from "./policy.ts";

export const fragmentKind: ResourceKind = {
  collection: "policyFragments",
  title: "PolicyFragment",
  methods: ["GET", "HEAD", "PUT", "DELETE"],
  checkId: idRule("id", 80, /(^[\w]+$)|(^[\w][\w-]+[\w]$)/),
  accept: acceptFragment,
  respond: respondFragment,
  refuseDelete: (service, stored) => refuseWhenUsed(service, stored, "Policy Fragment"),
  actions: { listreferences: listReferences },
};

const checks = fields(
  { value: text({ min: 1 }), description: text({ max: 1000 }), format: oneOf(["xml", "rawxml"]) },
  ["value"],
);

function acceptFragment({ service, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const source = textOf(given["value"]) ?? "";
  checkSize(source, "value");
  const reading = readPolicyText(source, given["format"] === "rawxml" ? "rawxml" : "xml");
  // Another shape than that of policies, without details: Azure/apiops#160.
  if (!reading.ok) throw plainValidationError(`The policy fragment is not a valid XML: ${reading.message}`);
  checkStructure(reading.document, "fragment");
  const uses = resolveReferences(service, reading.document);
  const shared = { description: given["description"] ?? null, provisioningState: "Succeeded" };
  return {
    properties: { ...shared, ...renditions(reading.document) },
    uses,
    answer: { ...shared, ...writeAnswer(reading.document) },
  };
}

function respondFragment({ properties }: Stored, format: PolicyFormat): JsonObject {
  return {
    description: properties["description"] ?? null,
    value: textOf(properties[format]) ?? "",
    provisioningState: "Succeeded",
  };
}

/** The policy documents and fragments that include it. */
function listReferences(service: ServiceStore, stored: Stored): Json {
  const value = service
    .usersOf(stored.path)
    .map(({ path }) => ({ id: armId(service, path), type: armType(service.ref, path), name: nameOf(path) }));
  return { value, count: value.length };
}
