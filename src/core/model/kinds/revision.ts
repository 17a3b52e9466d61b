/**
 * Revisions of an API that are not current, and the releases that make them so. A revision is compared as the API that it is to
 * become; what all revisions share (names, path, version) the service lets nobody change in it.
 */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { referenceTo } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import { without } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { markDescription, markInDescription, readDescription } from "../ownership.ts";
import type { Resource } from "../resource.ts";
import { apiKind, apiPath } from "./api.ts";

/** Properties of the API that its revisions share. */
export const sharedProperties = ["displayName", "path", "apiVersion", "apiVersionSetId"] as const;

/** A revision's own, beside what it is as an API. */
const ownProperties = ["apiRevision", "apiRevisionDescription", "sourceApiId", "isCurrent"];

export const revisionKind: KindDefinition = {
  kind: "revision",
  title: "revision",
  normalize: (properties) => without(apiKind.normalize(properties), ownProperties),
  mark: markInDescription,
  manages: (desired) => apiKind.manages?.(desired) ?? [],
  identities: apiKind.identities,
  references: apiKind.references,
};

/** A release has an effect and no content that could differ. */
export const releaseKind: KindDefinition = {
  kind: "release",
  title: "release",
  normalize: () => ({}),
  identities: {},
  references: () => [],
};

/** `apis/ID;rev=N` */
export function revisionPath(api: string, number: number): string {
  return `${apiPath(api)};rev=${number}`;
}

/** API and number of `apis/ID;rev=N`, or of what stands below it; undefined for anything else. */
export function readRevisionPath(
  path: string,
): { readonly api: string; readonly number: number } | undefined {
  const [, api, number] = /^apis\/([^/]+);rev=([0-9]+)(?:\/|$)/i.exec(path) ?? [];
  return api === undefined || number === undefined ? undefined : { api, number: Number(number) };
}

/** What a revision that this spec makes says about itself. */
export function revisionDescription(owner: string): string {
  return markDescription("Made by apimgw", { owner });
}

/** The spec that made a revision. */
export function revisionOwner({ apiRevisionDescription }: JsonObject): string | undefined {
  return typeof apiRevisionDescription === "string"
    ? readDescription(apiRevisionDescription).mark?.owner
    : undefined;
}

/** The release that makes a revision current. `releaseId` must be a new one: a release has its effect when it is made. */
export function releaseResource(
  api: string,
  number: number,
  releaseId: string,
  notes: string,
  service: ServiceRef,
  origin: Location,
): Resource {
  return {
    kind: "release",
    id: `${api};rev=${number}`,
    path: `${apiPath(api)}/releases/${releaseId}`,
    body: { properties: { apiId: referenceTo(service, revisionPath(api, number)), notes } },
    dependsOn: [revisionPath(api, number)],
    origin,
    notes: [`calls get revision ${number} from then on`],
  };
}
