/**
 * What a reviewer must not miss in a plan: what is gone, opened, or no longer checked once it is applied. Decided from the two
 * sides that were compared; the service is not asked. A risk is a reason to look, not a mistake.
 */
import { isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { apiPath } from "../model/kinds/api.ts";
import { globalPolicyId, globalPolicyPath, policyPath } from "../model/kinds/policy.ts";
import { productPath } from "../model/kinds/product.ts";
import { pathKey } from "./live.ts";
import type { Change, Plan } from "./plan.ts";
import { goneProtections, openedOperations, policyRisks, removesDenial } from "./policy-risks.ts";

export const riskKinds = [
  "delete",
  "denial-removed",
  "operation-opened",
  "protection-lost",
  "limit-raised",
  "inheritance-cut",
  "identity-changed",
  "named-value-changed",
  "secret-exposed",
  "subscription-not-required",
  "access-changed",
  "host-changed",
  "breaker-removed",
  "service-wide",
] as const;

/** Kinds are added to; scripts must expect ones that they do not know. */
export type RiskKind = (typeof riskKinds)[number];

export type Risk = {
  readonly kind: RiskKind;
  /** What it means, as a sentence without its subject's name: `calls go to b.example instead of a.example`. */
  readonly message: string;
};

/** The risks of every change that has any, in the plan's order. */
export function planRisks({ changes }: Pick<Plan, "changes">): ReadonlyMap<Change, readonly Risk[]> {
  const byPath = new Map(changes.map((change) => [pathKey(change.path), change]));
  const find: FindChange = (path) => byPath.get(pathKey(path));
  const found = changes.map((change) => [change, risksOf(change, find)] as const);
  return new Map(found.filter(([, risks]) => risks.length > 0));
}

type FindChange = (path: string) => Change | undefined;

function risksOf(change: Change, find: FindChange): Risk[] {
  return [...specificRisks(change, find), ...serviceWide(change)];
}

function specificRisks(change: Change, find: FindChange): Risk[] {
  if (change.action === "delete")
    return [deletion(change), ...denialGone(change, find), ...protectionGone(change, find)];
  if (change.kind === "policy" && change.action === "create") return operationOpened(change, find);
  if (change.kind === "productApi" && change.action === "create") return apiOpened(change, find);
  if (change.before === null) return [];
  if (change.kind === "policy" || change.kind === "fragment") return policyRisks(change);
  return propertyRisks(change, properties(change.before), properties(change.after));
}

/** Deletes that end a plan are told among the risks only: with what goes along, and whose changes are lost. */
function deletion(change: Change): Risk {
  const { kind, notes, drift } = change;
  const more = kind === "api" ? ", with its operations and revisions" : "";
  // The global document is put back: its note says to what.
  const gone = isGlobalPolicy(change) ? [] : [`gone from the service once applied${more}`];
  const changed = drift === null ? [] : ["somebody has changed it since the last apply"];
  return { kind: "delete", message: [...gone, ...notes, ...changed].join("; ") };
}

/** Its document is above those of all APIs, and of all products; in a workspace of those that are in it. */
function serviceWide(change: Change): Risk[] {
  if (pathKey(change.path) !== pathKey(globalPolicyPath)) return [];
  const whole = isGlobalPolicy(change) ? "service" : "workspace";
  return [{ kind: "service-wide", message: `counts for every API of the ${whole}, whoever made it` }];
}

/** Not that of a workspace, which has the same path. */
function isGlobalPolicy({ path, id }: Change): boolean {
  return pathKey(path) === pathKey(globalPolicyPath) && id === globalPolicyId({});
}

/** The document of an API goes and the API stays. */
function denialGone(change: Change, find: FindChange): Risk[] {
  const api = change.path.split("/")[1] ?? "";
  if (change.path !== policyPath(apiPath(api)) || find(apiPath(api)) !== undefined) return [];
  return removesDenial(change);
}

/** The document goes and what it was for stays. */
function protectionGone(change: Change, find: FindChange): Risk[] {
  if (change.kind !== "policy") return [];
  const segments = change.path.split("/");
  const isGone = segments.some((_, index) => {
    const around = find(segments.slice(0, index).join("/"));
    return around !== change && around?.action === "delete";
  });
  return isGone ? [] : goneProtections(change);
}

/** A new document takes the place of what the API's document said; in a new API there was nothing before. */
function operationOpened(change: Change, find: FindChange): Risk[] {
  const [, api = "", , operation = ""] = /^apis\/([^/]+)\/(operations)\/([^/]+)\//.exec(change.path) ?? [];
  const apiDocument = find(policyPath(apiPath(api)));
  const isNew = find(apiPath(api))?.action === "create" || apiDocument?.action === "create";
  const isSaid = apiDocument !== undefined && openedOperations(apiDocument).includes(operation);
  if (operation === "" || isNew || isSaid) return [];
  const message = "opened: calls to this operation no longer get only what the API's document does";
  return [{ kind: "operation-opened", message }];
}

/** One open product is enough for calls without a key, whatever the others of the API ask for. */
function apiOpened({ id }: Change, find: FindChange): Risk[] {
  // In a workspace the path has the id of the link.
  const [product = "", api = ""] = id.split("/");
  const isOpen = properties(find(productPath(product))?.after ?? null).subscriptionRequired === false;
  if (!isOpen || find(apiPath(api))?.action === "create") return [];
  const message = `calls to \`${api}\` without a subscription key are let in from now on`;
  return [{ kind: "subscription-not-required", message }];
}

function propertyRisks({ kind, edits }: Change, before: JsonObject, after: JsonObject): Risk[] {
  switch (kind) {
    case "namedValue":
      return namedValueRisks(edits.length > 0, before, after);
    case "backend":
    case "pool":
      return [...hostRisk(before.url, after.url), ...breakerRisk(before, after), ...credentialsRisk(edits)];
    case "api":
      return [...hostRisk(before.serviceUrl, after.serviceUrl), ...subscriptionRisk(before, after)];
    case "product":
      return subscriptionRisk(before, after);
    case "subscription":
      return accessRisk(before, after);
    // Documents are compared as documents; what is sent to loggers decides nothing about a call.
    case "policy":
    case "fragment":
    case "versionSet":
    case "revision":
    case "release":
    case "operation":
    case "productApi":
    case "roleAssignment":
    case "logger":
    case "diagnostic":
      return [];
  }
}

function namedValueRisks(isChanged: boolean, before: JsonObject, after: JsonObject): Risk[] {
  const changed: Risk = {
    kind: "named-value-changed",
    message: "every policy that names it gets the new value at once",
  };
  const exposed: Risk = {
    kind: "secret-exposed",
    message: "no longer secret: readers of the service see it",
  };
  const isExposed = before.secret === true && after.secret !== true;
  return [...(isChanged ? [changed] : []), ...(isExposed ? [exposed] : [])];
}

function hostRisk(before: Json | undefined, after: Json | undefined): Risk[] {
  const [from, to] = [hostOf(before), hostOf(after)];
  if (from === undefined || to === undefined || from === to) return [];
  return [{ kind: "host-changed", message: `calls go to ${to} instead of ${from}` }];
}

function hostOf(url: Json | undefined): string | undefined {
  return typeof url === "string" && URL.canParse(url) ? new URL(url).host : undefined;
}

function breakerRisk(before: JsonObject, after: JsonObject): Risk[] {
  if (before.circuitBreaker === undefined || after.circuitBreaker !== undefined) return [];
  return [{ kind: "breaker-removed", message: "loses its circuit breaker: failures no longer take it out" }];
}

function credentialsRisk(edits: Change["edits"]): Risk[] {
  const isChanged = edits.some(({ path }) => /^(properties\.)?credentials\b/.test(path));
  return isChanged ? [{ kind: "identity-changed", message: "what it signs in with changes" }] : [];
}

/** The service requires a key unless told otherwise. */
function subscriptionRisk(before: JsonObject, after: JsonObject): Risk[] {
  if (before.subscriptionRequired === false || after.subscriptionRequired !== false) return [];
  return [
    { kind: "subscription-not-required", message: "calls without a subscription key are let in from now on" },
  ];
}

function accessRisk(before: JsonObject, after: JsonObject): Risk[] {
  const stops = before.state === "active" && after.state !== "active";
  const [from, to] = [before.scope, after.scope];
  const moves = typeof from === "string" && typeof to === "string" && from !== to;
  return [
    ...(stops ? [{ kind: "access-changed" as const, message: "its keys stop working" }] : []),
    ...(moves
      ? [{ kind: "access-changed" as const, message: `its keys open ${to} instead of ${from}` }]
      : []),
  ];
}

function properties(body: JsonObject | null): JsonObject {
  return isJsonObject(body?.["properties"]) ? body["properties"] : {};
}
