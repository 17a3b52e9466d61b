/** Policy documents of an API and of its operations. */
import { base, element, policyDocument } from "../policy/build.ts";
import { withMark } from "../policy/ownership.ts";
import type { PolicyDocument, PolicyElement, PolicyNode } from "../policy/tree.ts";
import type { ApiSpec, OperationSpec, SectionName } from "../spec/schema.ts";
import { versionParameter } from "./api-version.ts";
import type { Arm } from "./arms.ts";
import { denyAllInbound, denyUnlistedInbound } from "./deny.ts";
import { unrecorded } from "./element-keys.ts";
import type { WrittenFor } from "./element-keys.ts";
import { chooseRoute, chooseSection } from "./model-choice.ts";
import type { ModelPlace } from "./model-place.ts";

export type Inheritance = "replace" | "keep";

/** Hand-written nodes by section; a section that nobody wrote is absent. */
export type SectionNodes = { readonly [section in SectionName]?: readonly PolicyNode[] };

export type ApiParts = {
  readonly api: ApiSpec;
  readonly inheritance: Inheritance;
  readonly handWritten: SectionNodes;
  readonly owner: string;
  /** Of the user-assigned identity that calls the backends; absent: the service's own. */
  readonly clientId?: string | undefined;
  readonly writtenFor?: WrittenFor;
};

/** The API's own document: what happens to operations that are not listed, and what people wrote for it. */
export function apiDocument({
  api,
  inheritance,
  handWritten,
  owner,
  clientId,
  writtenFor = unrecorded,
}: ApiParts): PolicyDocument {
  const own = handWritten.inbound ?? [];
  const inbound = [...apiInbound({ ...api, clientId }, inheritance, writtenFor), ...own];
  return document(owner, {
    inbound: hasBase(own) || !inheritsInbound(api, inheritance) ? inbound : [base(), ...inbound],
    backend: handWritten.backend ?? [base()],
    outbound: inheriting(handWritten.outbound),
    "on-error": inheriting(handWritten["on-error"]),
  });
}

/** A document that somebody wrote as a whole. */
export function wholeDocument(policies: PolicyElement, owner: string): PolicyDocument {
  return withMark(policyDocument(policies), { owner });
}

/** Whether broader scopes run before the API's own inbound section: not where it refuses every call. */
function inheritsInbound(api: ApiSpec, inheritance: Inheritance): boolean {
  return (api.unlisted ?? "deny") !== "deny" || inheritance === "keep";
}

type Caller = Pick<ApiSpec, "managedIdentity"> & Pick<ApiParts, "clientId">;

function apiInbound(
  api: ApiSpec & Caller,
  inheritance: Inheritance,
  writtenFor: WrittenFor,
): readonly PolicyNode[] {
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
      return callSettings(api, writtenFor);
    case "remove":
      return [];
  }
}

export type OperationParts = {
  readonly api: ApiSpec;
  readonly operation: OperationSpec;
  readonly inheritance: Inheritance;
  /** Where its calls go, by model. */
  readonly arms: readonly Arm[];
  readonly place: ModelPlace;
  readonly handWritten: SectionNodes;
  readonly owner: string;
  /** As for the API. */
  readonly clientId?: string | undefined;
  /** Notes which key of the API, and which of the operation, an element was written for. */
  readonly forApi?: WrittenFor;
  readonly forOperation?: WrittenFor;
};

/** The document of a listed operation. */
export function operationDocument(parts: OperationParts): PolicyDocument {
  const { handWritten } = parts;
  const compiled = chooseSection(parts.arms, parts.operation, parts.forOperation ?? unrecorded);
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
  arms,
  place,
  inheritance,
  handWritten,
  clientId,
  forApi = unrecorded,
  forOperation = unrecorded,
}: OperationParts): readonly PolicyNode[] {
  const own = handWritten.inbound ?? [];
  const keepsBase = inheritance === "keep" && !hasBase(own);
  const settingsAreInherited = inheritance === "keep" && apiHasCallSettings(api);
  return [
    ...(keepsBase ? [base()] : []),
    ...chooseRoute(arms, place, operation, forOperation),
    ...(settingsAreInherited ? [] : callSettings({ ...api, clientId }, forApi)),
    ...own,
  ];
}

/** Whether they stand in the API's own document already, so that its operations inherit them. */
function apiHasCallSettings({ unlisted, policies }: ApiSpec): boolean {
  return unlisted === "allow" && policies !== false && policies?.document === undefined;
}

/** What the API says about every call that goes on to a backend. */
function callSettings(api: ApiSpec & Caller, writtenFor: WrittenFor): PolicyElement[] {
  const version = versionParameter(api.apiVersion);
  return [
    ...identity(api, writtenFor),
    ...(version === undefined ? [] : [writtenFor(version, "key", "apiVersion")]),
  ];
}

function identity({ managedIdentity, clientId }: Caller, writtenFor: WrittenFor): PolicyElement[] {
  if (managedIdentity === undefined || managedIdentity === false) return [];
  const token = element("authentication-managed-identity", {
    resource: managedIdentity,
    ...(clientId === undefined ? {} : { "client-id": clientId }),
  });
  return [writtenFor(token, "value", "managedIdentity")];
}

/** `<base />` first, unless the author placed it. */
export function inheriting(own: readonly PolicyNode[] | undefined): readonly PolicyNode[] {
  if (own === undefined) return [base()];
  return hasBase(own) ? own : [base(), ...own];
}

/** Whether the author placed `<base />` among these nodes. */
export function hasBase(nodes: readonly PolicyNode[]): boolean {
  return nodes.some((node) => node.type === "element" && node.name === "base");
}

/** A document of these sections with the owner's mark; a section that is absent is inherited. */
export function document(owner: string, sections: SectionNodes): PolicyDocument {
  const names: readonly SectionName[] = ["inbound", "backend", "outbound", "on-error"];
  const children = names.map((name) => element(name, {}, sections[name] ?? [base()]));
  return withMark(policyDocument(element("policies", {}, children)), { owner });
}
