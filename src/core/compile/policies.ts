/** Policy documents of an API and of its operations. */
import { base, element, policyDocument } from "../policy/build.ts";
import { withMark } from "../policy/ownership.ts";
import type { PolicyDocument, PolicyElement, PolicyNode } from "../policy/tree.ts";
import type { ApiSpec, OperationSpec, SectionName } from "../spec/schema.ts";
import { denyAllInbound, denyUnlistedInbound } from "./deny.ts";
import { unrecorded } from "./element-keys.ts";
import type { WrittenFor } from "./element-keys.ts";
import { backendSection } from "./routing.ts";
import type { ResolvedFallback, ResolvedRetry } from "./routing.ts";

export type Inheritance = "replace" | "keep";

/** Hand-written nodes by section; a section that nobody wrote is absent. */
export type SectionNodes = { readonly [section in SectionName]?: readonly PolicyNode[] };

/** The API's own document: what happens to operations that are not listed. */
export function apiDocument(
  api: ApiSpec,
  inheritance: Inheritance,
  owner: string,
  writtenFor: WrittenFor = unrecorded,
): PolicyDocument {
  return document(owner, { inbound: apiInbound(api, inheritance, writtenFor) });
}

function apiInbound(api: ApiSpec, inheritance: Inheritance, writtenFor: WrittenFor): readonly PolicyNode[] {
  switch (api.unlisted ?? "deny") {
    case "deny": {
      const denial =
        inheritance === "replace"
          ? denyAllInbound(api.deny)
          : denyUnlistedInbound(api.deny, Object.keys(api.operations ?? {}).sort());
      return denial.map((element) => writtenFor(element, "key", "deny"));
    }
    case "allow":
      // Unlisted operations go to the API's service URL and need the identity as much as the listed ones.
      return [base(), ...identity(api, writtenFor)];
    case "remove":
      return [base()];
  }
}

export type OperationParts = {
  readonly api: ApiSpec;
  readonly operation: OperationSpec;
  readonly inheritance: Inheritance;
  readonly retry: ResolvedRetry | undefined;
  readonly fallback: ResolvedFallback | undefined;
  readonly handWritten: SectionNodes;
  readonly owner: string;
  /** Notes which key of the API, and which of the operation, an element was written for. */
  readonly forApi: WrittenFor;
  readonly forOperation: WrittenFor;
};

/** The document of a listed operation. */
export function operationDocument(parts: OperationParts): PolicyDocument {
  const { handWritten } = parts;
  const compiled = backendSection(parts.operation, parts.retry, parts.fallback, parts.forOperation);
  return document(parts.owner, {
    inbound: operationInbound(parts),
    backend: compiled === undefined ? (handWritten.backend ?? [base()]) : [compiled],
    outbound: inheriting(handWritten.outbound),
    "on-error": inheriting(handWritten["on-error"]),
  });
}

function operationInbound({
  api,
  operation,
  inheritance,
  handWritten,
  forApi,
  forOperation,
}: OperationParts): readonly PolicyNode[] {
  const own = handWritten.inbound ?? [];
  const keepsBase = inheritance === "keep" && !hasBase(own);
  // Inherited from the API's document when that one already gets the token.
  const identityIsInherited = inheritance === "keep" && api.unlisted === "allow";
  return [
    ...(keepsBase ? [base()] : []),
    ...(operation.backend === undefined
      ? []
      : [
          forOperation(
            element("set-backend-service", { "backend-id": operation.backend }),
            "value",
            "backend",
          ),
        ]),
    ...(identityIsInherited ? [] : identity(api, forApi)),
    ...own,
  ];
}

function identity({ managedIdentity }: ApiSpec, writtenFor: WrittenFor): PolicyElement[] {
  if (managedIdentity === undefined || managedIdentity === false) return [];
  const token = element("authentication-managed-identity", { resource: managedIdentity });
  return [writtenFor(token, "value", "managedIdentity")];
}

/** `<base />` first, unless the author placed it. */
function inheriting(own: readonly PolicyNode[] | undefined): readonly PolicyNode[] {
  if (own === undefined) return [base()];
  return hasBase(own) ? own : [base(), ...own];
}

/** Whether the author placed `<base />` among these nodes. */
export function hasBase(nodes: readonly PolicyNode[]): boolean {
  return nodes.some((node) => node.type === "element" && node.name === "base");
}

function document(owner: string, sections: SectionNodes): PolicyDocument {
  const names: readonly SectionName[] = ["inbound", "backend", "outbound", "on-error"];
  const children = names.map((name) => element(name, {}, sections[name] ?? [base()]));
  return withMark(policyDocument(element("policies", {}, children)), { owner });
}
