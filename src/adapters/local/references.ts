/** How resources name each other: ids in bodies, `{{name}}` in texts. */
import type { Json } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { baseArmId } from "../../core/ports.ts";
import type { ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";

/** All texts inside a JSON value. */
export function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** `{{x}}` resolves by display name, case-sensitively. */
export function findNamedValue(service: ServiceStore, displayName: string): Stored | undefined {
  return service.list("namedValues").find((stored) => stored.properties["displayName"] === displayName);
}

/** Full ARM id of a path below the service, or below the workspace whose store it is. */
export function armId(service: ServiceStore, path: string): string {
  return `${baseArmId(service.ref)}/${path}`;
}

/** The path below the service of an ARM id, `/backends/x` or full; undefined when it names another service's resource. */
export function pathOfId(service: ServiceStore, id: string): string | undefined {
  const prefix = `${baseArmId(service.ref)}/`;
  if (id.toLowerCase().startsWith(prefix.toLowerCase())) return id.slice(prefix.length);
  return id.startsWith("/") && !/^\/subscriptions\/[^/]+\/resourceGroups\//i.test(id)
    ? id.slice(1)
    : undefined;
}

/** The resource of a collection that an ARM id names. */
export function resourceOfId(service: ServiceStore, collection: string, id: string): Stored | undefined {
  const path = pathOfId(service, id);
  if (path?.toLowerCase().startsWith(`${collection.toLowerCase()}/`) !== true) return undefined;
  return service.get(path);
}
