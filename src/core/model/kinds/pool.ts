/** Backends of type Pool. Sent without `url` and `protocol`, which the service refuses (Azure/bicep#14097). */
import { isJsonObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import type { Location } from "../../location.ts";
import { baseArmId } from "../../ports.ts";
import type { ServiceRef } from "../../ports.ts";
import type { PoolSpec } from "../../spec/schema.ts";
import {
  lastSegment,
  listMember,
  numberMember,
  objectMember,
  stringMember,
  without,
} from "../kind-definition.ts";
import type { KindDefinition } from "../kind-definition.ts";
import { markDescription, markInDescription, newMark, writtenDescription } from "../ownership.ts";
import type { Resource } from "../resource.ts";
import { backendPath, normalizeBackend } from "./backend.ts";

export const poolKind: KindDefinition = {
  kind: "pool",
  title: "pool",
  normalize: normalizePool,
  mark: markInDescription,
  identities: { "pool.services": "id" },
  references: (properties) => members(properties).flatMap((member) => memberPath(member) ?? []),
};

/** A spec's pool as the resource that is PUT; members are named by their full ARM ids. */
export function poolResource(
  id: string,
  spec: PoolSpec,
  service: ServiceRef,
  owner: string,
  origin: Location,
): Resource {
  const services = spec.members.map(({ backend, priority, weight }) => ({
    id: `${baseArmId(service)}/${backendPath(backend)}`,
    priority,
    weight,
  }));
  return {
    kind: "pool",
    id,
    path: backendPath(id),
    body: {
      properties: {
        type: "Pool",
        title: spec.title,
        description: markDescription(spec.description, newMark(owner, spec.protected)),
        pool: { services },
      },
    },
    dependsOn: spec.members.map(({ backend }) => backendPath(backend)),
    origin,
  };
}

/** Whether an entry of the `backends` collection is a pool. */
export function isPool(properties: JsonObject): boolean {
  return (stringMember(properties, "type") ?? "").toLowerCase() === "pool";
}

function normalizePool(properties: JsonObject): JsonObject {
  const normal = normalizeBackend(properties);
  const pool = objectMember(normal, "pool");
  if (pool === undefined) return normal;
  const services = members(normal).map((member) => ({
    ...member,
    id: lastSegment(stringMember(member, "id") ?? ""),
  }));
  return { ...without(normal, ["protocol"]), pool: { ...pool, services } };
}

function members(properties: JsonObject): readonly JsonObject[] {
  const services = listMember(objectMember(properties, "pool") ?? {}, "services");
  return services.filter((service: Json): service is JsonObject => isJsonObject(service));
}

function memberPath(member: JsonObject): string | undefined {
  const id = stringMember(member, "id");
  return id === undefined ? undefined : backendPath(lastSegment(id));
}

/** What a spec says for a live pool. Properties that the language lacks are left out: comparing shows them. */
export function poolSpecOf(properties: JsonObject): PoolSpec {
  return {
    title: stringMember(properties, "title"),
    description: writtenDescription(properties),
    members: members(properties).map((member) => ({
      backend: lastSegment(stringMember(member, "id") ?? ""),
      priority: numberMember(member, "priority"),
      weight: numberMember(member, "weight"),
    })),
  };
}
