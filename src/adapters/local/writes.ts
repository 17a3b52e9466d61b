/** PUT, PATCH, DELETE and POST. Each is one step: nothing else happens between the checks and the change. */
import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Answer, ServiceRequest } from "./answer.ts";
import type { ArmStore } from "./arm-store.ts";
import { envelope, link, resourceAnswer } from "./answer.ts";
import type { ArmError } from "./errors.ts";
import { fieldError, linkExists, notFound, operationInProgress, plainValidationError } from "./errors.ts";
import { importEdits } from "./imports.ts";
import type { Accepted, ImportRequest, ResourceKind, WriteInput } from "./kinds/kind.ts";
import { productApiKind } from "./kinds/product.ts";
import type { LongRunning } from "./long-running.ts";
import { checkIfMatch, checkPut, requireIfMatch } from "./preconditions.ts";
import { requireParents, requireResource } from "./reads.ts";
import type { Edit } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { nameOf, newEtag, parentOf } from "./stored.ts";

export type WriteContext = {
  readonly works: LongRunning;
  /** What stands outside the services. */
  readonly arm: ArmStore;
  readonly now: Date;
  /** How work that goes on after the answer is to end, instead of being done. */
  readonly workFault: ArmError | undefined;
};

export function putResource(
  request: ServiceRequest,
  kind: ResourceKind,
  path: string,
  context: WriteContext,
): Answer {
  const { service } = request;
  requireParents(service, path);
  refuseWhileBusy(request, path, context);
  const current = service.get(path);
  const fault = current === undefined ? kind.checkId(nameOf(path)) : undefined;
  if (fault !== undefined) throw fieldError("name", fault);
  if (kind === productApiKind) return putAssociation(request, path, current);
  checkPut(request, current);
  const sent = bodyProperties(request);
  const input = { service, path, sent, current, isPatch: false, now: context.now };
  const accepted = kind.accept(input);
  if (accepted.import !== undefined) return startImport(request, kind, input, accepted.import, context);
  const stored = toStored(accepted, current?.path ?? canonicalParent(request, path));
  const status = current === undefined ? 201 : 200;
  const alongside = [...(accepted.alongside ?? []), stored].map((put): Edit => ({ put }));
  service.commit([...(accepted.edits ?? []), ...alongside]);
  return resourceAnswer(status, service, kind, stored, { properties: accepted.answer });
}

/** The path below a parent whose id keeps the case it was created with. */
function canonicalParent({ service }: ServiceRequest, path: string): string {
  const collection = parentOf(path);
  const parent = service.get(parentOf(collection));
  return parent === undefined ? path : `${parent.path}/${nameOf(collection)}/${nameOf(path)}`;
}

function refuseWhileBusy({ service }: ServiceRequest, path: string, { works }: WriteContext): void {
  if (works.isBusy(service, path)) throw operationInProgress();
}

function bodyProperties({ body }: ServiceRequest): JsonObject {
  if (!isJsonObject(body)) throw plainValidationError("The request body must be a JSON object.");
  if (!isJsonObject(body["properties"])) throw fieldError("properties", "'properties' should not be empty.");
  return body["properties"];
}

function toStored(accepted: Accepted, path: string): Stored {
  const { properties, secrets, uses = [] } = accepted;
  return { path, etag: newEtag(), properties, uses, ...(secrets === undefined ? {} : { secrets }) };
}

/** `products/p/apis/a`: no body on the way in, the API on the way out. */
function putAssociation(request: ServiceRequest, path: string, current: Stored | undefined): Answer {
  const { service } = request;
  const api = service.get(`apis/${nameOf(path)}`);
  if (api === undefined) throw notFound("API");
  if (current !== undefined) throw linkExists();
  const link = { path: canonicalParent(request, path), etag: newEtag(), properties: {}, uses: [] };
  service.commit([{ put: link }]);
  return { status: 201, body: envelope(service, link.path, api.properties) };
}

/** Checked again when it ends, because another API may have taken the path meanwhile. */
function startImport(
  request: ServiceRequest,
  kind: ResourceKind,
  input: WriteInput,
  wanted: ImportRequest,
  context: WriteContext,
): Answer {
  const { service, current } = input;
  const status = current === undefined ? 201 : 200;
  const path = current?.path ?? input.path;
  const asyncId = startWork(request, path, context, () => {
    const api = toStored(kind.accept(input), path);
    service.commit(importEdits(service, api, wanted));
    return resourceAnswer(status, service, kind, service.get(path) ?? api);
  });
  return accepted202(request, path, asyncId, String(status));
}

function startWork(
  { service }: ServiceRequest,
  path: string,
  { works, workFault }: WriteContext,
  run: () => Answer,
): string {
  return works.start(service, path, () => {
    if (workFault !== undefined) throw workFault;
    return run();
  });
}

/** 202 with the place to poll; there is no Azure-AsyncOperation header. */
function accepted202(request: ServiceRequest, path: string, asyncId: string, asyncCode: string): Answer {
  return {
    status: 202,
    headers: { Location: link(request, path, { asyncId, asyncCode }), "Retry-After": "0" },
  };
}

/** What polling a `Location` finds: 202 while the work goes on, then its answer. */
export function pollWork(
  request: ServiceRequest,
  path: string,
  asyncId: string,
  { works }: WriteContext,
): Answer {
  const found = works.poll(request.service, asyncId);
  if (found === undefined) throw notFound("Operation");
  return found === "running"
    ? accepted202(request, path, asyncId, request.query.get("asyncCode") ?? "200")
    : found;
}

/** A JSON merge patch (RFC 7396) on `properties`. */
export function patchResource(
  request: ServiceRequest,
  kind: ResourceKind,
  path: string,
  context: WriteContext,
): Answer {
  const { service } = request;
  requireIfMatch(request);
  const current = requireResource(service, kind, path);
  refuseWhileBusy(request, path, context);
  checkIfMatch(request, current);
  const sent = mergePatch(current.properties, bodyProperties(request));
  const accepted = kind.accept({
    service,
    path: current.path,
    sent,
    current,
    isPatch: true,
    now: context.now,
  });
  if (accepted.import !== undefined) throw fieldError("value", "A PATCH cannot import a document.");
  const stored = toStored(accepted, current.path);
  service.commit([...(accepted.alongside ?? []), stored].map((put): Edit => ({ put })));
  return resourceAnswer(200, service, kind, stored);
}

function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const before = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isJsonObject(value) ? mergePatch(isJsonObject(before) ? before : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

/** 200 when it was there, 204 when not. Associations ask for no If-Match; APIs are deleted after the answer, 202. */
export function deleteResource(
  request: ServiceRequest,
  kind: ResourceKind,
  path: string,
  context: WriteContext,
): Answer {
  const { service } = request;
  if (kind.takesNoCondition !== true) requireIfMatch(request);
  refuseWhileBusy(request, path, context);
  const current = service.get(path);
  if (current === undefined) return { status: 204 };
  if (kind.takesNoCondition !== true) checkIfMatch(request, current);
  kind.refuseDelete?.(service, current, request.query);
  if (kind.collection !== "apis") {
    service.commit(deletionEdits(request, kind, current));
    return { status: 200 };
  }
  const asyncId = startWork(request, current.path, context, () => {
    service.commit(deletionEdits(request, kind, current));
    return { status: 204 };
  });
  return accepted202(request, current.path, asyncId, "204");
}

function deletionEdits({ service }: ServiceRequest, kind: ResourceKind, stored: Stored): Edit[] {
  const others = [...service.below(stored.path), ...(kind.alsoDeleted?.(service, stored) ?? [])];
  return [...others, stored].map(({ path }) => ({ remove: path }));
}

/** POST .../listValue and the like. */
export function runAction(request: ServiceRequest, kind: ResourceKind, path: string, action: string): Answer {
  const stored = requireResource(request.service, kind, path);
  const run = kind.actions?.[action];
  if (run === undefined) throw notFound("Action");
  const body = run(request.service, stored);
  if (body === undefined) return { status: 204 };
  return { status: 200, body, headers: { ETag: stored.etag } };
}
