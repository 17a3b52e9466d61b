/**
 * What the service holds, as far as a plan needs it. Lists where a list returns the content; documents one by one, since the
 * lists of policies do not say how they are escaped. Everything runs side by side: the adapter paces the requests.
 */
import { liveEntry, liveOperations, pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import { apiPath } from "../core/model/kinds/api.ts";
import { policyPath } from "../core/model/kinds/policy.ts";
import { productPath } from "../core/model/kinds/product.ts";
import type { ApiExpectation, Kind, Model } from "../core/model/resource.ts";
import { isJsonObject } from "../core/json.ts";
import type { LiveResource, LiveService } from "../core/ports.ts";

/** Entities of `xml` are unambiguous to read back; `rawxml` drops some that matter (apiops#555). */
const asXml = { format: "xml" };

/** Reads what this model names or this spec owns. Throws ServiceFailure; a listing that fails is never "nothing there". */
export async function readLive(service: LiveService, desired: Model): Promise<LiveModel> {
  const [backends, namedValues, loggers, fragments, products, apis] = await Promise.all([
    readList(service, "backend", "backends"),
    readList(service, "namedValue", "namedValues"),
    readList(service, "logger", "loggers"),
    readFragments(service, desired),
    readProducts(service, desired),
    readApis(service, desired),
  ]);
  return { entries: [...backends, ...namedValues, ...loggers, ...fragments, ...products, ...apis] };
}

/** Reads one entry again, with its ETag: lists do not carry them. Undefined when it is gone. */
export async function readAgain(service: LiveService, entry: LiveEntry): Promise<LiveEntry | undefined> {
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

/** Fragments that the spec names or owns; the texts of the others are not read. */
async function readFragments(service: LiveService, desired: Model): Promise<LiveEntry[]> {
  const wanted = wantedPaths(desired);
  const listed = (await service.list("policyFragments")).map((resource) => ({
    kind: "fragment" as const,
    id: idOf(resource),
    path: resource.path,
    owner: liveEntry("fragment", "", { ...resource, body: withoutValue(resource) }).owner,
  }));
  const ours = listed.filter(({ path, owner }) => owner === desired.owner || wanted.has(pathKey(path)));
  const read = await Promise.all(
    ours.map(({ kind, id, path }) => readAgain(service, { kind, id, path, properties: {} })),
  );
  return read.flatMap((entry) => entry ?? []);
}

function withoutValue({ body }: LiveResource): LiveResource["body"] {
  const { properties } = body;
  return isJsonObject(properties) ? { ...body, properties: { ...properties, value: null } } : body;
}

async function readProducts(service: LiveService, desired: Model): Promise<LiveEntry[]> {
  const wanted = wantedPaths(desired);
  const products = await readList(service, "product", "products");
  const ours = products.filter(({ path, owner }) => owner === desired.owner || wanted.has(pathKey(path)));
  const links = await Promise.all(
    ours.map(async ({ id }) => {
      const apis = await service.list(`${productPath(id)}/apis`);
      return apis.map((resource): LiveEntry => {
        const api = idOf(resource);
        return {
          kind: "productApi",
          id: `${id}/${api}`,
          path: `${productPath(id)}/apis/${api}`,
          properties: {},
        };
      });
    }),
  );
  return [...products, ...links.flat()];
}

function wantedPaths(desired: Model): ReadonlySet<string> {
  return new Set(desired.resources.map(({ path }) => pathKey(path)));
}

async function readApis(service: LiveService, desired: Model): Promise<LiveEntry[]> {
  const listed = await readList(service, "api", "apis");
  // Revisions that are not current are listed too, as `id;rev=n`: they are nobody's to plan.
  const current = listed.filter(({ id }) => !id.includes(";rev="));
  const read = await Promise.all(current.map((api) => readApi(service, desired, api)));
  return read.flat();
}

/**
 * An API and all below it when the spec names it, owns it, or owns its document; else only its own entry. The document tells
 * of APIs that the spec once named without having made them.
 */
async function readApi(service: LiveService, desired: Model, api: LiveEntry): Promise<LiveEntry[]> {
  const expected = desired.apis.find(({ id }) => id.toLowerCase() === api.id.toLowerCase());
  const document = await service.get(policyPath(apiPath(api.id)), asXml);
  const isOurs = expected !== undefined || api.owner === desired.owner;
  if (!isOurs && !(document !== undefined && ownsText(document, desired))) return [api];
  const policy = document === undefined ? [] : [liveEntry("policy", api.id, document)];
  const [operations, diagnostics] = await Promise.all([
    service.list(`${apiPath(api.id)}/operations`),
    readList(service, "diagnostic", `${apiPath(api.id)}/diagnostics`),
  ]);
  const policies = await Promise.all(
    operations.map((operation) => readOperationPolicy(service, api.id, idOf(operation))),
  );
  return [
    { ...api, operations: liveOperations(operations) },
    ...policy,
    ...removableOperations(expected, api.id, operations),
    ...diagnostics.map((entry) => ({ ...entry, id: `${api.id}/${entry.id}` })),
    ...policies.flatMap((entry) => entry ?? []),
  ];
}

/** A cheap look before the document of a stranger is parsed, which may well be broken. */
function ownsText({ body }: LiveResource, desired: Model): boolean {
  if (!JSON.stringify(body).includes("apimgw")) return false;
  return liveEntry("policy", "", { path: "", body }).owner === desired.owner;
}

function removableOperations(
  expected: ApiExpectation | undefined,
  api: string,
  operations: readonly LiveResource[],
): LiveEntry[] {
  if (expected?.unlisted !== "remove") return [];
  return operations.map((resource) => liveEntry("operation", `${api}/${idOf(resource)}`, resource));
}

async function readOperationPolicy(
  service: LiveService,
  api: string,
  operation: string,
): Promise<LiveEntry | undefined> {
  const resource = await service.get(policyPath(`${apiPath(api)}/operations/${operation}`), asXml);
  return resource === undefined ? undefined : liveEntry("policy", `${api}/${operation}`, resource);
}
