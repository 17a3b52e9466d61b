/** From an ARM path to what it names. Names in the path are matched without regard to case, ids are kept as written. */
import type { ServiceRef } from "../../core/ports.ts";
import { ArmError } from "./errors.ts";
import type { ResourceKind } from "./kinds/kind.ts";
import { kindOfCollection } from "./kinds/table.ts";

/** A path of the management API: the service or a workspace of it, and what follows that. */
export type ServicePath = { readonly ref: ServiceRef; readonly segments: readonly string[] };

export type Route =
  | { readonly to: "service" }
  | { readonly to: "resource"; readonly kind: ResourceKind; readonly path: string }
  | { readonly to: "action"; readonly kind: ResourceKind; readonly path: string; readonly action: string }
  | { readonly to: "collection"; readonly kind: ResourceKind; readonly path: string }
  // A list that is worked out and not kept, such as allPolicies.
  | { readonly to: "view"; readonly view: string; readonly path: string };

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const serviceNamePattern = /^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** Splits the path of a URL. Throws ArmError in ARM's own words when it names no APIM service. */
export function parseServicePath(pathname: string): ServicePath {
  const [
    ,
    subscriptions,
    subscriptionId = "",
    groups,
    resourceGroup = "",
    providers,
    provider,
    type,
    name = "",
    ...segments
  ] = decodeSegments(pathname);
  const shape = [subscriptions, groups, providers, provider, type]
    .map((segment) => segment?.toLowerCase())
    .join("/");
  if (shape !== "subscriptions/resourcegroups/providers/microsoft.apimanagement/service" || name === "") {
    throw new ArmError(404, "InvalidResourceType", `The local APIM serves no resource at '${pathname}'.`);
  }
  if (!guid.test(subscriptionId)) {
    throw new ArmError(
      400,
      "InvalidSubscriptionId",
      `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
    );
  }
  if (resourceGroup.length > 90 || name.length > 50 || !serviceNamePattern.test(name)) {
    const what = `The resource 'Microsoft.ApiManagement/service/${name}' under resource group '${resourceGroup}' was not found.`;
    throw new ArmError(404, "ResourceNotFound", what);
  }
  const ref = { subscriptionId, resourceGroup, name };
  const [workspaces, workspace, ...below] = segments;
  const isInWorkspace = workspaces?.toLowerCase() === "workspaces" && below.length > 0;
  return isInWorkspace ? { ref: { ...ref, workspace }, segments: below } : { ref, segments };
}

/** Throws ArmError when a segment is none. */
export function decodeSegments(pathname: string): string[] {
  const trimmed = pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  return trimmed.split("/").map((segment, index) => {
    const decoded = tryDecode(segment);
    if (
      decoded === undefined ||
      decoded.includes("/") ||
      decoded.includes("\\") ||
      (decoded === "" && index > 0)
    ) {
      throw new ArmError(400, "InvalidRequestUri", `The request URI segment '${segment}' is not valid.`);
    }
    return decoded;
  });
}

function tryDecode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Lists that exist only to be read. */
const views = [
  "allPolicies",
  "policyDescriptions",
  "apis/*/schemas",
  "apis/*/products",
  "products/*/subscriptions",
  "apis/*/revisions",
];

/** Of these, those that a workspace has. */
const workspaceViews: readonly string[] = ["apis/*/schemas", "apis/*/revisions"];

/** What the segments below the service, or below a workspace of it, name. Throws ArmError 404. */
export function resolveRoute(
  { segments, isInWorkspace }: { readonly segments: readonly string[]; readonly isInWorkspace: boolean },
  method: string,
): Route {
  if (segments.length === 0) return { to: "service" };
  const pattern = collectionPattern(segments);
  const isCollection = segments.length % 2 === 1;
  const view = isCollection
    ? (isInWorkspace ? workspaceViews : views).find((name) => name.toLowerCase() === pattern)
    : undefined;
  if (view !== undefined) return { to: "view", view, path: canonicalPath(view, segments) };
  const kind = kindOfCollection(pattern);
  if (kind !== undefined && standsIn(kind, isInWorkspace)) {
    return {
      to: isCollection ? "collection" : "resource",
      kind,
      path: canonicalPath(kind.collection, segments),
    };
  }
  const action = method === "POST" && isCollection ? resolveAction(segments) : undefined;
  if (action !== undefined) return action;
  const type = [
    "service",
    ...(isInWorkspace ? ["workspaces"] : []),
    ...segments.filter((_, index) => index % 2 === 0),
  ].join("/");
  const message = `The resource type '${type}' could not be found in the namespace 'Microsoft.ApiManagement' of the local APIM.`;
  throw new ArmError(404, "InvalidResourceType", message);
}

/** Links of products to APIs are another kind in workspaces, and no workspace is in another. */
function standsIn({ place }: ResourceKind, isInWorkspace: boolean): boolean {
  return place === undefined || place === (isInWorkspace ? "workspace" : "service");
}

function resolveAction(segments: readonly string[]): Route | undefined {
  const owner = segments.slice(0, -1);
  const kind = kindOfCollection(collectionPattern(owner));
  const action = segments.at(-1)?.toLowerCase() ?? "";
  if (owner.length < 2 || kind?.actions?.[action] === undefined) return undefined;
  return { to: "action", kind, path: canonicalPath(kind.collection, owner), action };
}

// `APIS/x/Operations/y` and `APIS/x/Operations` both give `apis/*/operations`.
function collectionPattern(segments: readonly string[]): string {
  const names = segments.length % 2 === 1 ? segments : segments.slice(0, -1);
  return names.map((segment, index) => (index % 2 === 0 ? segment.toLowerCase() : "*")).join("/");
}

/** The path with the names of the collection in their own case. */
function canonicalPath(collection: string, segments: readonly string[]): string {
  const names = collection.split("/");
  return segments.map((segment, index) => (index % 2 === 0 ? (names[index] ?? segment) : segment)).join("/");
}
