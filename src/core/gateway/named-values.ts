/**
 * Named values are put in place of `{{name}}` as text, before the document is parsed [documented]: a value may be an expression, and
 * one with a quote breaks what it stands in, here as on the service.
 */
import { Failure } from "../failure.ts";
import { objectMember, stringMember } from "../model/kind-definition.ts";
import { isSecretNamedValue } from "../model/kinds/named-value.ts";
import { parsePolicyDocument } from "../policy/parse.ts";
import { printPolicyDocument } from "../policy/print.ts";
import { policyReferences } from "../policy/references.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { GatewayResource } from "./config.ts";

export type Substituted = {
  /** The documents that held references. */
  readonly documents: ReadonlyMap<GatewayResource, PolicyDocument>;
  readonly notes: readonly string[];
  /** Values that must be in no output; the longest first, since one may hold another. */
  readonly secrets: readonly string[];
};

/** Throws Failure `GATEWAY.NAMED_VALUE` when what comes out is no document. */
export function substituteNamedValues(resources: readonly GatewayResource[]): Substituted {
  const values = new Map<string, string | undefined>();
  const secrets: string[] = [];
  for (const { kind, id, body } of resources) {
    if (kind !== "namedValue") continue;
    const properties = objectMember(body, "properties") ?? {};
    const value = stringMember(properties, "value");
    values.set(stringMember(properties, "displayName") ?? id, value);
    if (value !== undefined && isSecretNamedValue(properties)) secrets.push(value);
  }
  const documents = new Map<GatewayResource, PolicyDocument>();
  const unknown = new Set<string>();
  for (const resource of resources) {
    const { document } = resource;
    if (document === undefined || !hasNamedValues(document)) continue;
    documents.set(resource, substitute(document, resource, values, unknown));
  }
  const notes = [...unknown]
    .sort()
    .map((name) => `the value of {{${name}}} is not known here; its name stands in its place`);
  return { documents, notes, secrets: secrets.sort((a, b) => b.length - a.length) };
}

function hasNamedValues(document: PolicyDocument): boolean {
  return policyReferences(document.root).some(({ kind }) => kind === "namedValue");
}

function substitute(
  document: PolicyDocument,
  { kind, id }: GatewayResource,
  values: ReadonlyMap<string, string | undefined>,
  unknown: Set<string>,
): PolicyDocument {
  const printed = printPolicyDocument(document, { dialect: "rawxml" });
  const text = printed.replace(/\{\{([A-Za-z0-9\-._]+)\}\}/g, (written, name: string) => {
    const value = values.get(name);
    if (value === undefined) unknown.add(name);
    // Where nothing of that name is declared it may be something else: Liquid has the same braces.
    return value ?? (values.has(name) ? name : written);
  });
  const parsed = parsePolicyDocument(text, { dialect: "rawxml" });
  if (parsed.ok) return parsed.document;
  const [problem] = parsed.problems;
  throw new Failure(
    "GATEWAY.NAMED_VALUE",
    `the ${kind} \`${id}\` is no policy document once its named values are in it`,
    {
      ...(problem === undefined ? {} : { why: problem.message }),
      remedy: "A value with a quote or a `<` breaks the text around it; the service would refuse it too.",
    },
  );
}
