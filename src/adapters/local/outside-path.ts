/** Paths of what is not a service and not below one: Azure's roles, at any scope, and the accounts that the backends stand for. */
import { ArmError } from "./errors.ts";
import { decodeSegments } from "./route.ts";

export type OutsidePath = {
  /** All of it. */
  readonly id: string;
  readonly provider: keyof typeof outsideVersions;
  readonly subscriptionId: string;
  /** ARM id of what it belongs to: the scope of an assignment, the account of a deployment; empty for an account itself. */
  readonly parent: string;
  readonly collection: string;
  /** Absent for the whole collection. */
  readonly name?: string | undefined;
};

/** The one api-version of each that is answered. */
export const outsideVersions = {
  "Microsoft.Authorization": "2022-04-01",
  "Microsoft.CognitiveServices": "2024-10-01",
} as const;

/** Undefined for the path of a service. Throws ArmError for one that cannot be read. */
export function parseOutsidePath(pathname: string): OutsidePath | undefined {
  if (!/\/providers\/Microsoft\.(Authorization|CognitiveServices)\//i.test(pathname)) return undefined;
  const path = decodeSegments(pathname).join("/");
  const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1] ?? "";
  const roles =
    /^(\/.+?)\/providers\/Microsoft\.Authorization\/(roleAssignments|roleDefinitions)(?:\/([^/]+))?$/i.exec(
      path,
    );
  const [, scope = "", collection = "", name] = roles ?? [];
  if (roles !== null)
    return {
      id: path,
      provider: "Microsoft.Authorization",
      subscriptionId,
      parent: scope,
      collection: cased(collection),
      name,
    };
  const account =
    /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.CognitiveServices\/accounts\/[^/]+)(\/.*)?$/i.exec(
      path,
    );
  if (account === null) return undefined;
  const [, id = "", below = ""] = account;
  const provider = "Microsoft.CognitiveServices";
  if (below === "") {
    const at = id.lastIndexOf("/");
    return {
      id: path,
      provider,
      subscriptionId,
      parent: "",
      collection: id.slice(0, at),
      name: id.slice(at + 1),
    };
  }
  const deployment = /^\/deployments(?:\/([^/]+))?$/i.exec(below);
  if (deployment === null)
    throw new ArmError(404, "InvalidResourceType", `The local APIM serves no resource at '${pathname}'.`);
  return { id: path, provider, subscriptionId, parent: id, collection: "deployments", name: deployment[1] };
}

function cased(collection: string): string {
  return collection.toLowerCase() === "roleassignments" ? "roleAssignments" : "roleDefinitions";
}
