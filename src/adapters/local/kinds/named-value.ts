import type { JsonObject } from "../../../core/json.ts";
import { isJsonObject } from "../../../core/json.ts";
import { fieldError } from "../errors.ts";
import { findNamedValue } from "../references.ts";
import type { Stored } from "../stored.ts";
import { keyOf } from "../stored.ts";
import { accept, boolean, fields, list, text, textOf, without, withoutNulls } from "../validate.ts";
import { refuseWhenUsed } from "./in-use.ts";
import type { Accepted, ResourceKind, WriteInput } from "./kind.ts";
import { commonIdPattern, idRule, respondAsStored } from "./kind.ts";

/** Named values. The value of a secret one is kept apart and leaves only through listValue. */
export const namedValueKind: ResourceKind = {
  collection: "namedValues",
  title: "NamedValue",
  methods: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
  checkId: idRule("namedValueId", 256, commonIdPattern),
  accept: acceptNamedValue,
  respond: respondAsStored,
  refuseDelete: (service, stored) => refuseWhenUsed(service, stored, "NamedValue"),
  actions: { listvalue: (_, stored) => ({ value: valueOf(stored) ?? "" }) },
};

const checks = fields(
  {
    displayName: text({ min: 1, max: 256, pattern: /^[A-Za-z0-9-._]+$/ }),
    value: text({ min: 1, max: 4096 }),
    secret: boolean,
    tags: list(text(), 0, 32),
    keyVault: fields(
      { secretIdentifier: text({ min: 1, pattern: /^https:\/\// }), identityClientId: text() },
      ["secretIdentifier"],
    ),
  },
  ["displayName"],
);

function acceptNamedValue({ service, path, sent, current, isPatch, now }: WriteInput): Accepted {
  const given = accept(sent, checks);
  const displayName = textOf(given["displayName"]) ?? "";
  const holder = findNamedValue(service, displayName);
  if (holder !== undefined && keyOf(holder.path) !== keyOf(path)) {
    throw fieldError("displayName", "Property with the same name already exists");
  }
  const keyVault = isJsonObject(given["keyVault"]) ? given["keyVault"] : undefined;
  const shared = { displayName, tags: given["tags"] ?? [], provisioningState: "Succeeded" };
  if (keyVault !== undefined)
    return { properties: { ...shared, keyVault: withAccessStatus(keyVault, now), secret: true } };
  // A PATCH that leaves the value out keeps it.
  const value = textOf(given["value"]) ?? (isPatch && current !== undefined ? valueOf(current) : undefined);
  if (value === undefined) throw fieldError("value", "'value' should not be empty.");
  if (given["secret"] === true) return { properties: { ...shared, secret: true }, secrets: { value } };
  return { properties: { ...shared, value, secret: false } };
}

function withAccessStatus(keyVault: JsonObject, now: Date): JsonObject {
  const sent = withoutNulls(without(keyVault, "lastStatus"));
  return {
    secretIdentifier: sent["secretIdentifier"] ?? null,
    identityClientId: sent["identityClientId"] ?? null,
    lastStatus: { code: "Success", timeStampUtc: now.toISOString() },
  };
}

function valueOf(stored: Stored): string | undefined {
  return textOf(stored.secrets?.["value"]) ?? textOf(stored.properties["value"]);
}
