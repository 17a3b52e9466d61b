/** One management request: who asks, of which api-version, for what. */
import type { Answer, ServiceRequest } from "./answer.ts";
import { ArmError, methodNotAllowed } from "./errors.ts";
import type { ResourceKind } from "./kinds/kind.ts";
import { getResource, headResource, listCollection, listView } from "./reads.ts";
import type { Route } from "./route.ts";
import { handleService } from "./service-settings.ts";
import type { WriteContext } from "./writes.ts";
import { deleteResource, patchResource, pollWork, putResource, runAction } from "./writes.ts";

/** ARM's checks before any service sees the request, of which these api-versions are served. Any bearer token will do. Throws ArmError. */
export function checkArm(
  headers: ServiceRequest["headers"],
  query: URLSearchParams,
  apiVersions: readonly string[],
): void {
  const authorization = headers["authorization"];
  if (authorization === undefined) {
    throw new ArmError(
      401,
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
      undefined,
      {
        "WWW-Authenticate": "Bearer",
      },
    );
  }
  if (!/^bearer +\S/i.test(authorization)) {
    throw new ArmError(
      401,
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is provided in an invalid format.",
    );
  }
  const asked = query.get("api-version");
  if (asked === null || asked === "") {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw new ArmError(400, "MissingApiVersionParameter", message);
  }
  if (!apiVersions.includes(asked)) {
    const message = `The api-version '${asked}' is invalid. The supported versions are '${apiVersions.join(",")}'.`;
    throw new ArmError(400, "InvalidApiVersionParameter", message);
  }
}

/** Carries out the request. Throws ArmError. */
export function handle(request: ServiceRequest, route: Route, context: WriteContext): Answer {
  switch (route.to) {
    case "service":
      return handleService(request.method, request.service.ref, context.arm, request.body);
    case "view":
      if (request.method !== "GET") throw methodNotAllowed(request.method, ["GET"]);
      return listView(request, route.view, route.path);
    case "collection":
      if (request.method !== "GET") throw methodNotAllowed(request.method, ["GET"]);
      return listCollection(request, route.kind, route.path);
    case "action":
      return runAction(request, route.kind, route.path, route.action);
    case "resource":
      return handleResource(request, route.kind, route.path, context);
  }
}

function handleResource(
  request: ServiceRequest,
  kind: ResourceKind,
  path: string,
  context: WriteContext,
): Answer {
  const { method, query } = request;
  const allowed: readonly string[] = kind.methods;
  if (!allowed.includes(method)) throw methodNotAllowed(method, allowed);
  const asyncId = query.get("asyncId");
  switch (method) {
    case "GET":
      return asyncId === null ? getResource(request, kind, path) : pollWork(request, path, asyncId, context);
    case "HEAD":
      return headResource(request, kind, path);
    case "PUT":
      return putResource(request, kind, path, context);
    case "PATCH":
      return patchResource(request, kind, path, context);
    default:
      return deleteResource(request, kind, path, context);
  }
}
