/**
 * What the service holds, as far as a plan needs it. Lists where a list returns the content; documents one by one, since the
 * lists of policies do not say how they are escaped. Everything runs side by side: the adapter paces the requests.
 */
import { wantedPaths } from "../core/plan/belonging.ts";
import { liveEntry, liveOperations, pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import { apiPath } from "../core/model/kinds/api.ts";
import { globalPolicyId, globalPolicyPath, policyPath } from "../core/model/kinds/policy.ts";
import { apiLinkPath, linkedApi, productPath } from "../core/model/kinds/product.ts";
import { subscribedProduct, subscriptionPath } from "../core/model/kinds/subscription.ts";
import { ServiceFailure } from "../core/failure.ts";
import type { Kind, Model } from "../core/model/resource.ts";
import { isJsonObject } from "../core/json.ts";
import type { LiveResource, LiveService, ServiceReader } from "../core/ports.ts";
import { requireWorkspace } from "./require-workspace.ts";

/** Entities of `xml` are unambiguous to read back; `rawxml` drops some that matter (apiops#555). */
const asXml = { format: "xml" };

/** How far to read below the lists. */
export type ReadScope = {
  /** Fragments whose text, products whose links, and APIs whose documents, operations and diagnostics are read. */
  readonly wants: (entry: LiveEntry) => boolean;
  /** Also APIs whose own document carries this owner's mark. */
  readonly documentsOf?: string;
  /** Operations that are known before they are listed, a hundred a page: their documents need not wait for the list. */
  readonly operationsOf?: (api: LiveEntry) => readonly string[];
  /** APIs whose operations are entries of their own, since some may have to be deleted. */
  readonly removesOperationsOf?: (api: LiveEntry) => boolean;
  /** Paths of subscriptions that are read wherever they belong. */
  readonly subscriptions?: readonly string[];
  /** Takes note of an entry whose document cannot be parsed, and reading goes on without the document. Absent: that is an error. */
  readonly onUnreadable?: (entry: LiveEntry, failure: ServiceFailure) => void;
};

/** Reads what this model names or this spec owns. Throws ServiceFailure; a listing that fails is never "nothing there". */
export async function readLive(service: LiveService, desired: Model): Promise<LiveModel> {
  const wanted = wantedPaths(desired);
  const removing = new Set(
    desired.apis.filter(({ unlisted }) => unlisted === "remove").map(({ id }) => pathKey(apiPath(id))),
  );
  const operations = new Map(
    desired.apis.map((api) => [pathKey(apiPath(api.id)), api.operations.map(({ id }) => id)]),
  );
  return readService(service, {
    operationsOf: ({ path }) => operations.get(pathKey(path)) ?? [],
    wants: ({ path, owner }) => owner === desired.owner || wanted.has(pathKey(path)),
    documentsOf: desired.owner,
    subscriptions: desired.resources.flatMap(({ kind, path }) => (kind === "subscription" ? [path] : [])),
    removesOperationsOf: ({ path }) => removing.has(pathKey(path)),
  });
}

/** Reads the lists, and below them what the scope wants. Throws ServiceFailure. */
export async function readService(service: LiveService, scope: ReadScope): Promise<LiveModel> {
  await requireWorkspace(service);
  const [apis, ...others] = await Promise.all([
    readApis(service, scope),
    readList(service, "backend", "backends"),
    readList(service, "namedValue", "namedValues"),
    readList(service, "logger", "loggers"),
    readList(service, "versionSet", "apiVersionSets"),
    readList(service, "diagnostic", "diagnostics"),
    readFragments(service, scope),
    readProducts(service, scope),
    readGlobalPolicy(service, scope),
    service.ref.workspace === undefined ? [] : readWorkspaceSubscriptions(service, scope),
  ]);
  const entries = [...others.flat(), ...apis.entries];
  return {
    revisions: apis.revisions,
    entries: [...entries, ...(await readNamedSubscriptions(service, scope.subscriptions ?? [], entries))],
  };
}

/** Reads one entry again, with its ETag: lists do not carry them. Undefined when it is gone. */
export async function readAgain(service: ServiceReader, entry: LiveEntry): Promise<LiveEntry | undefined> {
  const isDocument = entry.kind === "policy" || entry.kind === "fragment";
  const resource = await service.get(entry.path, isDocument ? asXml : undefined);
  if (resource === undefined) return undefined;
  const { operations } = entry;
  return {
    ...liveEntry(entry.kind, entry.id, resource),
    ...(operations === undefined ? {} : { operations }),
  };
}

async function readList(service: LiveService, kind: Kind, collection: string): Promise<LiveEntry[]> {
  const resources = await service.list(collection);
  return resources.map((resource) => liveEntry(kind, idOf(resource), resource));
}

function idOf({ path }: LiveResource): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The texts of fragments that nobody wants are not read. */
async function readFragments(service: LiveService, scope: ReadScope): Promise<LiveEntry[]> {
  const resources = await service.list("policyFragments");
  const read = await Promise.all(
    resources.map(async (resource) => {
      const listed = liveEntry("fragment", idOf(resource), { ...resource, body: withoutValue(resource) });
      if (!scope.wants(listed)) return listed;
      const whole = await service.get(listed.path, asXml);
      return whole === undefined ? undefined : documentEntry(scope, "fragment", listed.id, whole);
    }),
  );
  return read.flatMap((entry) => entry ?? []);
}

function documentEntry(
  scope: ReadScope,
  kind: "policy" | "fragment",
  id: string,
  resource: LiveResource,
): LiveEntry {
  try {
    return liveEntry(kind, id, resource);
  } catch (error) {
    const isKnown = error instanceof ServiceFailure && error.code === "SERVICE.UNREADABLE";
    if (!isKnown || scope.onUnreadable === undefined) throw error;
    const entry = liveEntry(kind, id, { ...resource, body: withoutValue(resource) });
    scope.onUnreadable(entry, error);
    return entry;
  }
}

function withoutValue({ body }: LiveResource): LiveResource["body"] {
  const { properties } = body;
  return isJsonObject(properties) ? { ...body, properties: { ...properties, value: null } } : body;
}

async function readProducts(service: LiveService, scope: ReadScope): Promise<LiveEntry[]> {
  const products = await readList(service, "product", "products");
  const read = await Promise.all(
    products.map(async (product) => [
      product,
      ...(scope.wants(product) ? await readBelowProduct(service, scope, product) : []),
    ]),
  );
  return read.flat();
}

/** The document of a product that is wanted, and its links to APIs. */
async function readBelowProduct(
  service: LiveService,
  scope: ReadScope,
  { id }: LiveEntry,
): Promise<LiveEntry[]> {
  const path = productPath(id);
  const [document, links, subscriptions] = await Promise.all([
    service.get(policyPath(path), asXml),
    service.ref.workspace === undefined ? readLinks(service, id) : readWorkspaceLinks(service, id),
    // In a workspace they are listed for all of it only (readWorkspaceSubscriptions).
    service.ref.workspace === undefined ? service.list(`${path}/subscriptions`) : [],
  ]);
  return [
    ...(document === undefined ? [] : [documentEntry(scope, "policy", path, document)]),
    ...links,
    ...subscriptions.map((resource) => subscriptionEntry(idOf(resource), resource)),
  ];
}

async function readLinks(service: LiveService, product: string): Promise<LiveEntry[]> {
  const apis = await service.list(`${productPath(product)}/apis`);
  return apis.map((resource): LiveEntry => {
    const api = idOf(resource);
    const path = `${productPath(product)}/apis/${api}`;
    return { kind: "productApi", id: `${product}/${api}`, path, properties: {} };
  });
}

/** There a link is a resource with an id of its own, which need not be one that apimgw gives. */
async function readWorkspaceLinks(service: LiveService, product: string): Promise<LiveEntry[]> {
  const links = await service.list(`${productPath(product)}/apiLinks`);
  return links.map((resource): LiveEntry => {
    const entry = liveEntry("productApi", product, {
      ...resource,
      path: apiLinkPath(product, idOf(resource)),
    });
    return { ...entry, id: `${product}/${linkedApi(entry.properties) ?? idOf(resource)}` };
  });
}

/** Those of the products that are wanted: there is no list of a product's own. */
async function readWorkspaceSubscriptions(service: LiveService, scope: ReadScope): Promise<LiveEntry[]> {
  const entries = (await service.list("subscriptions")).map((resource) =>
    subscriptionEntry(idOf(resource), resource),
  );
  return entries.filter(({ properties }) => {
    const id = subscribedProduct(properties);
    if (id === undefined) return false;
    return scope.wants({ kind: "product", id, path: productPath(id), properties: {} });
  });
}

/**
 * The global document, or that of the workspace: every service has one, and not every workspace. What is on it is somebody's only where it carries a mark; a document that nobody
 * wants need not be one that can be read.
 */
async function readGlobalPolicy(service: LiveService, scope: ReadScope): Promise<LiveEntry[]> {
  const document = await service.get(globalPolicyPath, asXml);
  if (document === undefined) return [];
  const id = globalPolicyId(service.ref);
  const entry: LiveEntry = { kind: "policy", id, path: globalPolicyPath, properties: {} };
  const isWanted =
    scope.documentsOf === undefined || scope.wants(entry) || ownsText(document, scope.documentsOf);
  return isWanted ? [documentEntry(scope, "policy", id, document)] : [];
}

/** Wherever it was read: subscriptions are the service's, and their product is what their scope says. */
function subscriptionEntry(id: string, resource: LiveResource): LiveEntry {
  const path = subscriptionPath(id);
  const entry = liveEntry("subscription", id, { ...resource, path });
  const product = subscribedProduct(entry.properties);
  return product === undefined ? entry : { ...entry, id: `${product}/${id}` };
}

/** Those that are named and not among what was read: they may be another product's. */
async function readNamedSubscriptions(
  service: LiveService,
  named: readonly string[],
  read: readonly LiveEntry[],
): Promise<LiveEntry[]> {
  const known = new Set(read.map(({ path }) => pathKey(path)));
  const missing = named.filter((path) => !known.has(pathKey(path)));
  const found = await Promise.all(missing.map((path) => service.get(path)));
  return found.flatMap((resource) =>
    resource === undefined ? [] : [subscriptionEntry(idOf(resource), resource)],
  );
}

async function readApis(
  service: LiveService,
  scope: ReadScope,
): Promise<Required<Pick<LiveModel, "entries" | "revisions">>> {
  const listed = await readList(service, "api", "apis");
  // Revisions that are not current are listed too, as `id;rev=n`.
  const [revisions, current] = [true, false].map((isRevision) =>
    listed.filter(({ id }) => id.includes(";rev=") === isRevision),
  );
  const read = await Promise.all((current ?? []).map((api) => readApi(service, scope, api)));
  return { entries: read.flat(), revisions: revisions ?? [] };
}

/** A revision that is not current, with its operations and all its documents. */
export async function readRevision(service: LiveService, revision: LiveEntry): Promise<LiveEntry[]> {
  const read = await readWholeApi(service, { wants: () => true }, revision, readDocument(service, revision));
  return read
    .filter(({ kind }) => kind !== "diagnostic")
    .map((entry) => (entry.kind === "api" ? { ...entry, kind: "revision" } : entry));
}

/**
 * An API and all below it when it is wanted or the owner has its document; else only its own entry. The document tells of
 * APIs that the spec once named without having made them.
 */
async function readApi(service: LiveService, scope: ReadScope, api: LiveEntry): Promise<LiveEntry[]> {
  // What is wanted is read without waiting for the document.
  if (scope.wants(api)) return readWholeApi(service, scope, api, readDocument(service, api));
  if (scope.documentsOf === undefined) return [api];
  const document = await readDocument(service, api);
  const isOurs = document !== undefined && ownsText(document, scope.documentsOf);
  return isOurs ? readWholeApi(service, scope, api, Promise.resolve(document)) : [api];
}

function readDocument(service: LiveService, api: LiveEntry): Promise<LiveResource | undefined> {
  return service.get(policyPath(apiPath(api.id)), asXml);
}

async function readWholeApi(
  service: LiveService,
  scope: ReadScope,
  api: LiveEntry,
  reading: Promise<LiveResource | undefined>,
): Promise<LiveEntry[]> {
  const listed = scope.operationsOf?.(api) ?? [];
  const [document, operations, diagnostics, policies] = await Promise.all([
    reading,
    service.list(`${apiPath(api.id)}/operations`),
    readList(service, "diagnostic", `${apiPath(api.id)}/diagnostics`),
    readOperationPolicies(service, scope, api.id, listed),
  ]);
  const known = new Set(listed.map((id) => id.toLowerCase()));
  const others = operations.map(idOf).filter((id) => !known.has(id.toLowerCase()));
  return [
    { ...api, operations: liveOperations(operations) },
    ...(document === undefined ? [] : [documentEntry(scope, "policy", api.id, document)]),
    ...(scope.removesOperationsOf?.(api) === true ? operationEntries(api.id, operations) : []),
    ...diagnostics.map((entry) => ({ ...entry, id: `${api.id}/${entry.id}` })),
    ...policies,
    ...(await readOperationPolicies(service, scope, api.id, others)),
  ];
}

/** A cheap look before the document of a stranger is parsed, which may well be broken. */
function ownsText({ body }: LiveResource, owner: string | undefined): boolean {
  if (!JSON.stringify(body).includes("apimgw")) return false;
  return liveEntry("policy", "", { path: "", body }).owner === owner;
}

function operationEntries(api: string, operations: readonly LiveResource[]): LiveEntry[] {
  return operations.map((resource) => liveEntry("operation", `${api}/${idOf(resource)}`, resource));
}

async function readOperationPolicies(
  service: LiveService,
  scope: ReadScope,
  api: string,
  operations: readonly string[],
): Promise<LiveEntry[]> {
  const read = await Promise.all(
    operations.map(async (operation) => {
      const resource = await service.get(policyPath(`${apiPath(api)}/operations/${operation}`), asXml);
      return resource === undefined ? [] : [documentEntry(scope, "policy", `${api}/${operation}`, resource)];
    }),
  );
  return read.flat();
}
