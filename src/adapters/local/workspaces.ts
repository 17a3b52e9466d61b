/** Workspaces themselves. What is in one is kept in a store of its own, and goes with it. */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import { baseArmId, serviceArmId } from "../../core/ports.ts";
import type { ServiceRef } from "../../core/ports.ts";
import { compareText } from "../../core/problem.ts";
import type { Answer, ServiceRequest } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import {
  fieldError,
  methodNotAllowed,
  notFound,
  plainValidationError,
  preconditionFailed,
} from "./errors.ts";
import { commonIdPattern, idRule } from "./kinds/kind.ts";
import type { Store } from "./store.ts";
import { accept, fields, text } from "./validate.ts";

export type WorkspacesRequest = Pick<ServiceRequest, "method" | "headers" | "body"> & {
  /** Of the service. */
  readonly ref: ServiceRef;
  /** Undefined for all of them. */
  readonly id: string | undefined;
  readonly store: Store;
  readonly arm: ArmStore;
};

/** GET, HEAD, PUT, DELETE of one, and the list of those that somebody has written to. Throws ArmError. */
export function handleWorkspaces({ id, ...request }: WorkspacesRequest): Answer {
  const { method, ref } = request;
  if (id === undefined) {
    if (method !== "GET") throw methodNotAllowed(method, ["GET"]);
    return listWorkspaces(request);
  }
  const place = { ...ref, workspace: id };
  switch (method) {
    case "GET":
      return answerOf(200, place, requireWorkspace(request, place));
    case "HEAD":
      return { status: 200, headers: { ETag: etagOf(requireWorkspace(request, place)) } };
    case "PUT":
      return putWorkspace(request, place);
    case "DELETE":
      return deleteWorkspace(request, place);
    default:
      throw methodNotAllowed(method, ["GET", "HEAD", "PUT", "DELETE"]);
  }
}

type OneRequest = Omit<WorkspacesRequest, "id">;
type Place = ServiceRef & { readonly workspace: string };

/** Properties of the workspace that the reference names. As any service is there, so is any workspace, until it is deleted. */
export function findWorkspace(arm: ArmStore, ref: ServiceRef): JsonObject | undefined {
  const stored = arm.get(baseArmId(ref));
  if (stored === undefined) return { displayName: ref.workspace ?? "", description: null };
  return stored.isGone === true ? undefined : stored.body;
}

function requireWorkspace({ arm }: OneRequest, place: Place): JsonObject {
  const properties = findWorkspace(arm, place);
  if (properties === undefined) throw notFound("Workspace");
  return properties;
}

function listWorkspaces({ ref, store, arm }: OneRequest): Answer {
  const prefix = `${serviceArmId(ref)}/workspaces/`.toLowerCase();
  const stored = arm
    .find((id) => id.toLowerCase().startsWith(prefix))
    .map(({ id }) => id.slice(prefix.length))
    // What has been assigned or made at a workspace is below it.
    .filter((id) => !id.includes("/"));
  const used = store
    .services()
    .flatMap(({ ref: { workspace, ...service } }) =>
      serviceArmId(service).toLowerCase() === serviceArmId(ref).toLowerCase() ? (workspace ?? []) : [],
    );
  const ids = new Map([...used, ...stored].map((id) => [id.toLowerCase(), id]));
  const value = [...ids.values()].sort(compareText).flatMap((workspace) => {
    const properties = findWorkspace(arm, { ...ref, workspace });
    return properties === undefined ? [] : [envelopeOf({ ...ref, workspace }, properties)];
  });
  return { status: 200, body: { value, count: value.length } };
}

const checkId = idRule("workspaceId", 80, commonIdPattern);
const checks = fields({ displayName: text({ min: 1 }), description: text() }, ["displayName"]);

function putWorkspace({ arm, headers, body }: OneRequest, place: Place): Answer {
  const fault = checkId(place.workspace);
  if (fault !== undefined) throw fieldError("name", fault);
  const current = findWorkspace(arm, place);
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = headers;
  if (ifMatch !== undefined && !isMatching(ifMatch, current)) throw preconditionFailed();
  if (ifNoneMatch !== undefined && isMatching(ifNoneMatch, current))
    throw preconditionFailed("Resource already exists.");
  if (!isJsonObject(body)) throw plainValidationError("The request body must be a JSON object.");
  if (!isJsonObject(body["properties"])) throw fieldError("properties", "'properties' should not be empty.");
  const properties = { description: null, ...accept(body["properties"], checks) };
  arm.put({ id: baseArmId(place), body: properties });
  return answerOf(current === undefined ? 201 : 200, place, properties);
}

function deleteWorkspace({ arm, store, headers }: OneRequest, place: Place): Answer {
  const ifMatch = headers["if-match"];
  if (ifMatch === undefined)
    throw fieldError("If-Match", "The If-Match header is required: an ETag, or * for any.");
  const current = findWorkspace(arm, place);
  if (current === undefined) return { status: 204 };
  if (!isMatching(ifMatch, current)) throw preconditionFailed();
  arm.put({ id: baseArmId(place), body: {}, isGone: true });
  store.service(place).clear();
  return { status: 200 };
}

function isMatching(header: string, current: JsonObject | undefined): boolean {
  if (current === undefined) return false;
  return header.trim() === "*" || header.split(",").some((etag) => etag.trim() === etagOf(current));
}

function answerOf(status: number, place: Place, properties: JsonObject): Answer {
  return { status, body: envelopeOf(place, properties), headers: { ETag: etagOf(properties) } };
}

function envelopeOf(place: Place, properties: JsonObject): JsonObject {
  const type = "Microsoft.ApiManagement/service/workspaces";
  return { id: baseArmId(place), type, name: place.workspace, properties };
}

function etagOf(properties: JsonObject): string {
  return `"${createHash("sha256").update(JSON.stringify(properties)).digest("hex").slice(0, 16)}"`;
}
