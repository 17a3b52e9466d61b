/** GET and HEAD. */
import type { Json, JsonObject } from "../../core/json.ts";
import { policyData } from "../../core/policy/catalogue/data.ts";
import type { Answer, ServiceRequest } from "./answer.ts";
import { envelope, link, resourceAnswer } from "./answer.ts";
import { fieldError, notFound } from "./errors.ts";
import type { PolicyFormat, ResourceKind } from "./kinds/kind.ts";
import { subscriptionsOfProduct } from "./kinds/subscription.ts";
import { kindOfCollection } from "./kinds/table.ts";
import { armId } from "./references.ts";
import { otherRevisions } from "./revisions.ts";
import type { ServiceStore } from "./service-store.ts";
import type { Stored } from "./stored.ts";
import { nameOf, parentOf } from "./stored.ts";
import { textOf } from "./validate.ts";

const pageSize = 100;

export function getResource(request: ServiceRequest, kind: ResourceKind, path: string): Answer {
  const stored = requireResource(request.service, kind, path);
  return resourceAnswer(200, request.service, kind, stored, { format: policyFormat(request.query) });
}

/** Associations answer 204, all else 200 with the ETag. */
export function headResource(request: ServiceRequest, kind: ResourceKind, path: string): Answer {
  const stored = requireResource(request.service, kind, path);
  return kind.methods.includes("GET") ? { status: 200, headers: { ETag: stored.etag } } : { status: 204 };
}

function policyFormat(query: URLSearchParams): PolicyFormat {
  const format = query.get("format") ?? "xml";
  if (format === "xml" || format === "rawxml") return format;
  throw fieldError("format", `'${format}' is not one of: xml, rawxml.`);
}

/** The resource, or the 404 of the outermost thing that is missing. */
export function requireResource(service: ServiceStore, kind: ResourceKind, path: string): Stored {
  requireParents(service, path);
  const stored = service.get(path);
  if (stored === undefined) throw notFound(kind.title);
  return stored;
}

/** Throws 404 when something that a resource or collection stands below is not there. */
export function requireParents(service: ServiceStore, path: string): void {
  const segments = path.split("/");
  for (let length = 2; length < segments.length; length += 2) {
    const parent = segments.slice(0, length);
    const names = parent.slice(0, -1).map((segment, index) => (index % 2 === 0 ? segment : "*"));
    if (service.get(parent.join("/")) === undefined)
      throw notFound(kindOfCollection(names.join("/"))?.title ?? "Resource");
  }
}

/** One page of a collection. `$filter` is not carried out: everything is listed. */
export function listCollection(request: ServiceRequest, kind: ResourceKind, path: string): Answer {
  const { service } = request;
  requireParents(service, path);
  return page(
    request,
    path,
    service.list(path).map((stored) => () => listItem(service, kind, stored)),
  );
}

function listItem(service: ServiceStore, kind: ResourceKind, stored: Stored): JsonObject {
  if (kind.collection !== "products/*/apis")
    return envelope(service, stored.path, kind.respond(stored, "xml"));
  // What is listed is the API, under the association's id.
  return envelope(service, stored.path, service.get(`apis/${nameOf(stored.path)}`)?.properties ?? {});
}

/** Lists that are worked out from what is kept. */
export function listView(request: ServiceRequest, view: string, path: string): Answer {
  const { service } = request;
  requireParents(service, path);
  return page(
    request,
    path,
    viewItems(service, view, path).map((item) => () => item),
  );
}

function viewItems(service: ServiceStore, view: string, path: string): JsonObject[] {
  const owner = service.get(parentOf(path));
  if (view === "allPolicies") return [...service.all()].flatMap((stored) => policyItem(service, stored));
  if (view === "policyDescriptions") return policyDescriptions(service);
  if (view === "apis/*/products" && owner !== undefined) {
    const products = service
      .list("products")
      .filter((product) => service.get(`${product.path}/apis/${nameOf(owner.path)}`));
    return products.map((product) => envelope(service, product.path, product.properties));
  }
  if (view === "products/*/subscriptions" && owner !== undefined) {
    const own = subscriptionsOfProduct(service, owner);
    return own.map((stored) => envelope(service, `${owner.path}/${stored.path}`, stored.properties));
  }
  if (view === "apis/*/revisions" && owner !== undefined) {
    return [owner, ...otherRevisions(service, owner)].map(({ properties }) => ({
      apiId: `/${owner.path};rev=${textOf(properties["apiRevision"]) ?? "1"}`,
      apiRevision: properties["apiRevision"] ?? "1",
      description: properties["apiRevisionDescription"] ?? null,
      isCurrent: properties["isCurrent"] ?? true,
      isOnline: true,
    }));
  }
  return [];
}

/** The policies of the tier. The scopes are bits whose meaning is not documented: all of them are set. */
function policyDescriptions(service: ServiceStore): JsonObject[] {
  const known = policyData.filter(({ gateways }) => gateways.includes("v2"));
  return known.map(({ name }) => ({
    id: armId(service, `policyDescriptions/${name}`),
    type: "Microsoft.ApiManagement/service/policyDescriptions",
    name,
    properties: { description: "", scope: 15 },
  }));
}

function policyItem(service: ServiceStore, stored: Stored): JsonObject[] {
  if (!/(?:^|\/)policies\/[^/]+$/.test(stored.path)) return [];
  const id = armId(service, stored.path);
  const properties = { referencePolicyId: id, complianceState: "Pending" };
  return [{ id, type: "Microsoft.ApiManagement/service/allPolicies", name: nameOf(stored.path), properties }];
}

/** `$skip` and `$top`, at most a page of 100, and a link to the next one when there is more. */
function page(request: ServiceRequest, path: string, items: readonly (() => Json)[]): Answer {
  const skip = wholeNumber(request.query, "$skip", 0) ?? 0;
  const top = wholeNumber(request.query, "$top", 1);
  const size = Math.min(top ?? pageSize, pageSize);
  const value = items.slice(skip, skip + size).map((item) => item());
  const isLast = skip + size >= items.length;
  // A caller's own $top is a limit, not a page size: nothing follows it.
  const left = top === undefined ? undefined : top - size;
  if (isLast || left === 0) return { status: 200, body: { value, count: items.length } };
  const next = { $skip: String(skip + size), ...(left === undefined ? {} : { $top: String(left) }) };
  return { status: 200, body: { value, count: items.length, nextLink: link(request, path, next) } };
}

function wholeNumber(query: URLSearchParams, name: string, min: number): number | undefined {
  const written = query.get(name);
  if (written === null) return undefined;
  const value = Number(written);
  if (!/^\d+$/.test(written) || value < min)
    throw fieldError(name, `'${name}' must be a whole number of at least ${min}.`);
  return value;
}
