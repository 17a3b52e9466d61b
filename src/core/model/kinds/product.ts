/** Products, and the links that put APIs into them. */
import type { JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import type { ProductSpec } from "../../spec/schema.ts";
import { numberMember, stringMember, without, withoutDefaults, withoutEmpty } from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
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

/** A link has no content: it is there or not, and belongs to the owner of the product. */
export const productApiKind: KindDefinition = {
  kind: "productApi",
  title: "product API",
  normalize: () => ({}),
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

/** `before`: paths of what must be there before calls can come through the product, such as its limits. */
export function productApiResource(
  product: string,
  api: string,
  before: readonly string[],
  origin: Location,
): Resource {
  return {
    kind: "productApi",
    id: `${product}/${api}`,
    path: `${productPath(product)}/apis/${api}`,
    body: {},
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
