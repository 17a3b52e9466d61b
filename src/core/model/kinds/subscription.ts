/**
 * Subscriptions of products. They have neither description nor tags, so no mark: nothing tells those that a spec made from those
 * of customers. They are therefore never deleted, save with their product; see docs/ownership.md.
 */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { pathOfReference, referenceTo } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import type { ProductSpec, SubscriptionSpec } from "../../spec/schema.ts";
import { lastSegment, stringMember, without, withoutEmpty } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import type { Resource } from "../resource.ts";
import { productPath } from "./product.ts";

/** Answers to writes and `listSecrets` have them; nothing here ever looks at them. */
const keyNames = ["primaryKey", "secondaryKey"];

export const subscriptionKind: KindDefinition = {
  kind: "subscription",
  title: "subscription",
  normalize,
  manages: (desired) => [
    "displayName",
    "scope",
    "state",
    ...(desired.ownerId === undefined ? [] : ["ownerId"]),
  ],
  identities: {},
  references: (properties) => {
    const product = subscribedProduct(properties);
    return product === undefined ? [] : [productPath(product)];
  },
};

export function subscriptionPath(id: string): string {
  return `subscriptions/${id}`;
}

export function subscriptionResource(
  product: string,
  id: string,
  spec: SubscriptionSpec,
  before: readonly string[],
  service: ServiceRef,
  origin: Location,
): Resource {
  return {
    kind: "subscription",
    id: `${product}/${id}`,
    path: subscriptionPath(id),
    body: {
      properties: {
        scope: referenceTo(service, productPath(product)),
        displayName: spec.displayName ?? id,
        // Without it the service makes one that waits for approval.
        state: spec.state ?? "active",
        ownerId: spec.owner === undefined ? undefined : `/users/${spec.owner}`,
      },
    },
    dependsOn: [productPath(product), ...before],
    origin,
  };
}

/** Both ways of writing them, sorted by nothing: as the spec has them. */
export function subscriptionsOf({ subscriptions = {} }: ProductSpec): [string, SubscriptionSpec][] {
  if (Array.isArray(subscriptions)) return subscriptions.map((id) => [id, {}]);
  return Object.entries(subscriptions);
}

/** The properties without keys: for everything that is kept. */
export function withoutKeys(properties: JsonObject): JsonObject {
  return without(properties, keyNames);
}

/** The product that its calls come through, as its scope says; undefined for those of an API or of all APIs. */
export function subscribedProduct(properties: JsonObject): string | undefined {
  return /(?:^|\/)products\/([^/]+)$/i.exec(stringMember(properties, "scope") ?? "")?.[1];
}

/**
 * Whether it belongs to a developer who subscribed, rather than to nobody or to the administrator, whose id is 1. Every product
 * that needs subscriptions has one of the administrator's without a name from the beginning.
 */
export function isSomebodys(properties: JsonObject): boolean {
  const owner = stringMember(properties, "ownerId");
  return (
    (owner !== undefined && lastSegment(owner) !== "1") ||
    stringMember(properties, "displayName") === undefined
  );
}

function normalize(properties: JsonObject): JsonObject {
  const owner = stringMember(properties, "ownerId");
  return withoutEmpty({
    displayName: stringMember(properties, "displayName"),
    scope: relativeScope(stringMember(properties, "scope")),
    state: stringMember(properties, "state"),
    ownerId: owner === undefined ? undefined : lastSegment(owner),
  });
}

/** `/subscriptions/…/service/apim/products/p` and `/products/p` as `products/p`; ARM ignores case. */
function relativeScope(scope: string | undefined): string | undefined {
  return scope === undefined ? undefined : pathOfReference(scope).toLowerCase();
}

/** What a spec says for a live subscription. */
export function subscriptionSpecOf(id: string, properties: JsonObject): SubscriptionSpec {
  const displayName = stringMember(properties, "displayName");
  const state = stringMember(properties, "state");
  return {
    displayName: displayName === id ? undefined : displayName,
    state: state === "suspended" || state === "cancelled" ? state : undefined,
  };
}
