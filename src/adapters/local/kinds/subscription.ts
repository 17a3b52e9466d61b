import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../core/json.ts";
import { fieldError } from "../errors.ts";
import { armId, pathOfId } from "../references.ts";
import type { ServiceStore } from "../service-store.ts";
import type { Stored } from "../stored.ts";
import { newEtag } from "../stored.ts";
import { accept, boolean, fields, oneOf, text, textOf } from "../validate.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

/** Subscriptions with generated keys, which are kept apart: answers to writes have them, GET and lists do not, `listSecrets` does. */
export const subscriptionKind: ResourceKind = {
  collection: "subscriptions",
  title: "Subscription",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("sid", 256, commonIdPattern),
  accept: acceptSubscription,
  respond: respondAsStored,
  actions: {
    listsecrets: (_, stored) => stored.secrets ?? {},
    regenerateprimarykey: (service, stored) => regenerate(service, stored, "primaryKey"),
    regeneratesecondarykey: (service, stored) => regenerate(service, stored, "secondaryKey"),
  },
};

/** Those of a product: what `products/ID/subscriptions` lists. */
export function subscriptionsOfProduct(service: ServiceStore, product: Stored): Stored[] {
  const scope = armId(service, product.path).toLowerCase();
  return service
    .list("subscriptions")
    .filter(({ properties }) => textOf(properties["scope"])?.toLowerCase() === scope);
}

const key = text({ min: 1, max: 256 });

const checks = fields(
  {
    ownerId: text(),
    scope: text({ min: 1 }),
    displayName: text({ min: 1, max: 100 }),
    primaryKey: key,
    secondaryKey: key,
    state: oneOf(["suspended", "active", "expired", "submitted", "rejected", "cancelled"]),
    allowTracing: boolean,
    stateComment: text(),
    expirationDate: text(),
  },
  ["scope", "displayName"],
);

/** What the service keeps by itself and a PATCH sends along, merged from what is there. */
const readOnly = ["createdDate", "startDate", "endDate", "notificationDate"];

function acceptSubscription({ service, sent, current, now }: WriteInput): Accepted {
  const known = Object.fromEntries(
    Object.entries(sent).filter(([name, value]) => !readOnly.includes(name) && value !== null),
  );
  const { primaryKey, secondaryKey, ...given } = accept(known, checks);
  const secrets = {
    primaryKey: textOf(primaryKey) ?? textOf(current?.secrets?.["primaryKey"]) ?? newKey(),
    secondaryKey: textOf(secondaryKey) ?? textOf(current?.secrets?.["secondaryKey"]) ?? newKey(),
  };
  const properties = {
    ownerId: null,
    state: "submitted",
    ...given,
    scope: scopeId(service, textOf(given["scope"]) ?? ""),
    createdDate: current?.properties["createdDate"] ?? now.toISOString(),
    startDate: null,
    expirationDate: given["expirationDate"] ?? null,
    endDate: null,
    notificationDate: null,
    stateComment: given["stateComment"] ?? null,
    allowTracing: given["allowTracing"] ?? false,
  };
  return { properties, secrets, answer: { ...properties, ...secrets } };
}

/** The full ARM id of a product, an API or all APIs. Throws ArmError for anything else. */
function scopeId(service: ServiceStore, scope: string): string {
  const path = pathOfId(service, scope)?.replace(/\/$/, "");
  if (path?.toLowerCase() === "apis") return armId(service, "apis");
  const isEntity = path !== undefined && /^(?:products|apis)\/[^/]+$/i.test(path);
  const entity = isEntity ? service.get(path) : undefined;
  if (entity === undefined)
    throw fieldError(
      "scope",
      "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'",
    );
  return armId(service, entity.path);
}

function regenerate(service: ServiceStore, stored: Stored, name: "primaryKey" | "secondaryKey"): undefined {
  const secrets: JsonObject = { ...stored.secrets, [name]: newKey() };
  service.commit([{ put: { ...stored, etag: newEtag(), secrets } }]);
}

/** As the service's: 32 hexadecimal digits. */
function newKey(): string {
  return randomBytes(16).toString("hex");
}
