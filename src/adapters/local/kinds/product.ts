import { fieldError, fieldErrors, linkExists, plainValidationError } from "../errors.ts";
import { armId, resourceOfId } from "../references.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { keyOf, nameOf, parentOf } from "../stored.ts";
import type { Fault } from "../validate.ts";
import { accept, boolean, fields, integer, oneOf, text, textOf } from "../validate.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { subscriptionsOfProduct } from "./subscription.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

export const productKind: ResourceKind = {
  collection: "products",
  title: "Product",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("productId", 256, commonIdPattern),
  accept: acceptProduct,
  respond: respondAsStored,
  refuseDelete: (_, stored, query) => refuseWithSubscriptions(stored, query),
  alsoDeleted: subscriptionsOfProduct,
};

/**
 * A product that asks for subscriptions has one from the beginning, the administrators' (Azure/azure-service-operator#3408). The
 * words are the service's (Azure/apiops#94).
 */
function refuseWithSubscriptions({ properties }: Stored, query: URLSearchParams): void {
  if (properties["subscriptionRequired"] === false || query.get("deleteSubscriptions") === "true") return;
  throw plainValidationError(
    "Product cannot be deleted since it has existing subscriptions. Delete subscriptions before deleting the product or pass in deleteSubscriptions=true as query param",
  );
}

/** Associations of products with APIs: PUT without a body, HEAD answers 204, GET is not there. */
export const productApiKind: ResourceKind = {
  collection: "products/*/apis",
  place: "service",
  takesNoCondition: true,
  title: "API",
  methods: ["HEAD", "PUT", "DELETE"],
  checkId: idRule("apiId", 256, commonIdPattern),
  accept: () => ({ properties: {} }),
  respond: respondAsStored,
};

/** The same in workspaces: resources with ids of their own. */
export const productApiLinkKind: ResourceKind = {
  collection: "products/*/apiLinks",
  place: "workspace",
  takesNoCondition: true,
  title: "Product API link",
  methods: ["GET", "PUT", "DELETE"],
  checkId: idRule("apiLinkId", 80, commonIdPattern),
  accept: acceptApiLink,
  respond: respondAsStored,
};

const linkChecks = fields({ apiId: text({ min: 1 }) }, ["apiId"]);

function acceptApiLink({ service, path, sent }: WriteInput): Accepted {
  const given = accept(sent, linkChecks);
  const api = resourceOfId(service, "apis", textOf(given["apiId"]) ?? "");
  if (api === undefined) throw fieldError("apiId", "API not found.");
  const apiId = armId(service, api.path);
  const isLinked = service
    .list(parentOf(path))
    .some((link) => keyOf(link.path) !== keyOf(path) && link.properties["apiId"] === apiId);
  if (isLinked) throw linkExists();
  return { properties: { apiId }, uses: [] };
}

/** Links to an API, in whichever of the two ways. */
export function linksOfApi(service: ServiceStore, api: Stored): Stored[] {
  return service
    .list("products")
    .flatMap(({ path }) => [
      ...[service.get(`${path}/apis/${nameOf(api.path)}`)].flatMap((link) => link ?? []),
      ...service
        .list(`${path}/apiLinks`)
        .filter(({ properties }) => properties["apiId"] === armId(service, api.path)),
    ]);
}

const checks = fields(
  {
    displayName: text({ min: 1, max: 300 }),
    description: text({ max: 1000 }),
    terms: text(),
    subscriptionRequired: boolean,
    approvalRequired: boolean,
    subscriptionsLimit: integer(0),
    state: oneOf(["notPublished", "published"]),
  },
  ["displayName"],
);

function acceptProduct({ service, path, sent }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const holder = service
    .list("products")
    .find(
      (product) =>
        keyOf(product.path) !== keyOf(path) && product.properties["displayName"] === given["displayName"],
    );
  // Azure/apiops#606
  if (holder !== undefined) throw fieldError("name", "Product with the same name already exists");
  const isOpen = given["subscriptionRequired"] === false;
  const faults: Fault[] = [];
  for (const name of ["approvalRequired", "subscriptionsLimit"]) {
    if (isOpen && given[name] !== undefined && given[name] !== false) {
      faults.push({
        target: name,
        message: `'${name}' can be given only when 'subscriptionRequired' is true.`,
      });
    }
  }
  if (faults.length > 0) throw fieldErrors(faults);
  return {
    properties: {
      description: null,
      terms: null,
      subscriptionRequired: true,
      approvalRequired: isOpen ? null : false,
      subscriptionsLimit: null,
      state: "notPublished",
      ...given,
    },
  };
}
