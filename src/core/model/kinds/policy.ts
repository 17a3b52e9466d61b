/** Policy documents of a scope. The mark is a comment in the document. */
import type { Location } from "../../location.ts";
import type { PolicyDocument } from "../../policy/tree.ts";
import type { ServiceRef } from "../../ports.ts";
import type { KindDefinition } from "../kind-definition.ts";
import type { Resource } from "../resource.ts";
import { apiPath } from "./api.ts";
import { operationPath } from "./operation.ts";
import { productPath } from "./product.ts";

export const policyKind: KindDefinition = {
  kind: "policy",
  title: "policy",
  normalize: () => ({}),
  identities: {},
  references: () => [],
};

/** Path of the global document: every service has one, and it is what forwards calls. Below a workspace it is the workspace's. */
export const globalPolicyPath = "policies/policy";

/** Path of the document of a scope, given the scope's own path. */
export function policyPath(scope: string): string {
  return `${scope}/policies/policy`;
}

/** What people call the document at globalPolicyPath. */
export function globalPolicyId({ workspace }: Pick<ServiceRef, "workspace">): "global" | "workspace" {
  return workspace === undefined ? "global" : "workspace";
}

export function globalPolicyResource(
  document: PolicyDocument,
  references: readonly string[],
  service: ServiceRef,
  origin: Location,
): Resource {
  const id = globalPolicyId(service);
  return { kind: "policy", id, path: globalPolicyPath, body: {}, document, dependsOn: references, origin };
}

export function productPolicyResource(
  product: string,
  document: PolicyDocument,
  references: readonly string[],
  origin: Location,
): Resource {
  const scope = productPath(product);
  const dependsOn = [scope, ...references];
  return { kind: "policy", id: scope, path: policyPath(scope), body: {}, document, dependsOn, origin };
}

export function apiPolicyResource(
  api: string,
  document: PolicyDocument,
  references: readonly string[],
  origin: Location,
): Resource {
  const path = policyPath(apiPath(api));
  return {
    kind: "policy",
    id: api,
    path,
    body: {},
    document,
    dependsOn: [apiPath(api), ...references],
    origin,
  };
}

export function operationPolicyResource(
  api: string,
  operation: string,
  document: PolicyDocument,
  references: readonly string[],
  origin: Location,
): Resource {
  const path = policyPath(operationPath(api, operation));
  // The API's document goes first: while the two differ, requests are rather denied than let through.
  const dependsOn = [apiPath(api), policyPath(apiPath(api)), ...references];
  return { kind: "policy", id: `${api}/${operation}`, path, body: {}, document, dependsOn, origin };
}
