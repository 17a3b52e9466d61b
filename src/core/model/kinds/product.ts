/** Products, and the links that put APIs into them. */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import type { ProductSpec } from "../../spec/schema.ts";
import {
  lastSegment,
  numberMember,
  stringMember,
  without,
  withoutDefaults,
  withoutEmpty,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { referenceTo } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import {
  comparedDescription,
  markDescription,
  markInDescription,
  newMark,
  writtenDescription,
} from "../ownership.ts";
import type { Resource } from "../resource.ts";
import { apiPath } from "./api.ts";

export const productKind: KindDefinition = {
  kind: "product",
  title: "product",
  normalize,
  manages: (desired) => [
    "displayName",
    "description",
    "subscriptionRequired",
    "approvalRequired",
    "state",
    "protected",
    ...(desired.subscriptionsLimit === undefined ? [] : ["subscriptionsLimit"]),
  ],
  mark: markInDescription,
  // Azure/apiops#606
  unique: { property: "displayName" },
  identities: {},
  references: () => [],
};

/**
 * A link belongs to the owner of the product. On the service itself it has no content: it is there or not. In a workspace it is a
 * resource with an id of its own that names the API.
 */
export const productApiKind: KindDefinition = {
  kind: "productApi",
  title: "product API",
  normalize: ({ apiId }) => (typeof apiId === "string" ? { apiId: lastSegment(apiId).toLowerCase() } : {}),
  hasNoEtag: true,
  identities: {},
  references: () => [],
};

export function productPath(id: string): string {
  return `products/${id}`;
}

export function productResource(id: string, spec: ProductSpec, owner: string, origin: Location): Resource {
  const subscriptionRequired = spec.subscriptionRequired ?? true;
  return {
    kind: "product",
    id,
    path: productPath(id),
    body: {
      properties: {
        displayName: spec.displayName ?? id,
        description: markDescription(spec.description, newMark(owner, spec.protected)),
        subscriptionRequired,
        // The service refuses the property on a product without subscriptions.
        approvalRequired: subscriptionRequired ? (spec.approvalRequired ?? false) : undefined,
        subscriptionsLimit: spec.subscriptionsLimit,
        state: (spec.published ?? true) ? "published" : "notPublished",
      },
    },
    dependsOn: [],
    origin,
  };
}

/** A link in a workspace. */
export function apiLinkPath(product: string, link: string): string {
  return `${productPath(product)}/apiLinks/${link}`;
}

/** Whether a path is that of a link in a workspace. */
export function isApiLink(path: string): boolean {
  return /^products\/[^/]+\/apiLinks\/[^/]+$/i.test(path);
}

/** Ids of links are unique in the whole service, of 80 characters at most (ARM's WorkspaceProductApiLink). */
function apiLinkId(product: string, api: string): string {
  const id = `${product}--${api}`;
  if (id.length <= 80) return id;
  return `${id.slice(0, 62)}--${createHash("sha256").update(id).digest("hex").slice(0, 16)}`;
}

/** The API of a link that was read in a workspace. */
export function linkedApi({ apiId }: JsonObject): string | undefined {
  return typeof apiId === "string" ? lastSegment(apiId) : undefined;
}

/** `before`: paths of what must be there before calls can come through the product, such as its limits. */
export function productApiResource(
  product: string,
  api: string,
  before: readonly string[],
  service: ServiceRef,
  origin: Location,
): Resource {
  const isInWorkspace = service.workspace !== undefined;
  return {
    kind: "productApi",
    id: `${product}/${api}`,
    path: isInWorkspace
      ? apiLinkPath(product, apiLinkId(product, api))
      : `${productPath(product)}/apis/${api}`,
    body: isInWorkspace ? { properties: { apiId: referenceTo(service, apiPath(api)) } } : {},
    dependsOn: [productPath(product), apiPath(api), ...before],
    origin,
  };
}

function normalize(properties: JsonObject): JsonObject {
  const known = withoutDefaults(withoutEmpty(properties), { approvalRequired: false });
  return { ...without(known, ["description"]), ...comparedDescription(known) };
}

/** What a spec says for a live product with these APIs. */
export function productSpecOf(id: string, properties: JsonObject, apis: readonly string[]): ProductSpec {
  const displayName = stringMember(properties, "displayName");
  return {
    displayName: displayName === id ? undefined : displayName,
    description: writtenDescription(properties),
    apis: apis.length === 0 ? undefined : [...apis],
    subscriptionRequired: properties.subscriptionRequired === false ? false : undefined,
    approvalRequired: properties.approvalRequired === true ? true : undefined,
    subscriptionsLimit: numberMember(properties, "subscriptionsLimit"),
    published: properties.state === "published" ? undefined : false,
  };
}
