import type { Json, JsonObject } from "../../core/json.ts";
import { armType } from "./kinds/arm-type.ts";
import type { PolicyFormat, ResourceKind } from "./kinds/kind.ts";
import { armId } from "./references.ts";
import type { ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { nameOf } from "./stored.ts";

/** What goes back: no body when it is undefined. */
export type Answer = {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A management request, read and found to be for one service. */
export type ServiceRequest = {
  readonly method: string;
  readonly service: ServiceStore;
  readonly query: URLSearchParams;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined when there was none. */
  readonly body: unknown;
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
};

/** A resource in ARM's envelope. */
export function envelope(service: ServiceStore, path: string, properties: JsonObject): JsonObject {
  return { id: armId(service, path), type: armType(service.ref, path), name: nameOf(path), properties };
}

/** A resource with its ETag, as GET and PUT return it. */
export function resourceAnswer(
  status: number,
  service: ServiceStore,
  kind: ResourceKind,
  stored: Stored,
  {
    format = "xml",
    properties,
  }: { readonly format?: PolicyFormat; readonly properties?: JsonObject | undefined } = {},
): Answer {
  const body = envelope(service, stored.path, properties ?? kind.respond(stored, format));
  return { status, body, headers: { ETag: stored.etag } };
}

/** What clients poll and follow: a path of this service on this endpoint, with the api-version. */
export function link(
  { endpoint, service }: ServiceRequest,
  path: string,
  query: Readonly<Record<string, string>>,
): string {
  const parameters = new URLSearchParams({ "api-version": apiVersion, ...query });
  return `${endpoint}${encodeURI(armId(service, path))}?${parameters.toString()}`;
}

/** The one api-version that is answered. */
export const apiVersion = "2024-05-01";
