import type { PolicyDocument } from "../../../core/policy/tree.ts";
import { defaultGlobalPolicy } from "../../../core/policy/global-policy.ts";
import { fieldError } from "../errors.ts";
import { checkStructure, resolveReferences } from "../policy-checks.ts";
import { renderPolicy } from "../policy-rendition.ts";
import { readPolicyText } from "../policy-text.ts";
import type { Stored } from "../stored.ts";
import { accept, fields, oneOf, text, textOf } from "../validate.ts";
import type { Accepted, PolicyFormat, ResourceKind, WriteInput } from "./kind.ts";

/** 256 KiB on every tier but Consumption. */
const maxKilobytes = 256;

/** Policy documents at the four scopes. The id is always `policy`. */
export const policyKinds: readonly ResourceKind[] = [
  "policies",
  "apis/*/policies",
  "apis/*/operations/*/policies",
  "products/*/policies",
].map((collection) => ({
  collection,
  title: "Policy",
  methods: ["GET", "HEAD", "PUT", "DELETE"],
  checkId: (id) => (id.toLowerCase() === "policy" ? undefined : "'policyId' must be 'policy'."),
  accept: acceptPolicy,
  respond: respondPolicy,
}));

/** The global document of a service that nobody has written to, and what deleting it brings back. */
export function initialGlobalPolicy(): Stored {
  return {
    path: "policies/policy",
    etag: '"AAAAAAAAAAE="',
    properties: renditions(defaultGlobalPolicy),
    uses: [],
  };
}

const checks = fields(
  {
    value: text({ min: 1 }),
    format: oneOf(["xml", "rawxml"], "The local APIM takes policies in the formats xml and rawxml."),
  },
  ["value"],
);

function acceptPolicy({ service, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const source = textOf(given["value"]) ?? "";
  checkSize(source, "representation");
  const reading = readPolicyText(source, given["format"] === "rawxml" ? "rawxml" : "xml");
  if (!reading.ok) throw fieldError("representation", reading.message);
  checkStructure(reading.document, "policies");
  const uses = resolveReferences(service, reading.document);
  return { properties: renditions(reading.document), uses, answer: writeAnswer(reading.document) };
}

export function checkSize(source: string, target: string): void {
  if (Buffer.byteLength(source) > maxKilobytes * 1024) {
    throw fieldError(target, `Policy size exceeds allowed limit of ${maxKilobytes} KB`);
  }
}

/** Both texts GET can ask for, so that reading never parses. */
export function renditions(document: PolicyDocument): { readonly xml: string; readonly rawxml: string } {
  return {
    xml: renderPolicy(document, { dialect: "xml", indent: "\t" }),
    rawxml: renderPolicy(document, { dialect: "rawxml", indent: "\t" }),
  };
}

/** The answer to a PUT is `xml` with two blanks, whatever was sent (example ApiManagementCreateApiPolicyNonXmlEncoded). */
export function writeAnswer(document: PolicyDocument): { readonly value: string } {
  return { value: renderPolicy(document, { dialect: "xml", indent: "  " }) };
}

/** `format` is not returned (Azure/azure-rest-api-specs#25306). */
function respondPolicy(stored: Stored, format: PolicyFormat): { value: string } {
  return { value: textOf(stored.properties[format]) ?? "" };
}
