/** What was selected → a spec and its policy files, in the order in which people write one. */
import { stringMember } from "../model/kind-definition.ts";
import { serviceRef } from "../ports.ts";
import type { JsonObject } from "../json.ts";
import { sectionNames } from "../compile/sections.ts";
import { apiSpecOf } from "../model/kinds/api.ts";
import { backendSpecOf } from "../model/kinds/backend.ts";
import { diagnosticIds, diagnosticSpecOf } from "../model/kinds/diagnostic.ts";
import { loggerSpecOf } from "../model/kinds/logger.ts";
import { namedValueSpecOf } from "../model/kinds/named-value.ts";
import { globalPolicyId, globalPolicyPath, policyPath } from "../model/kinds/policy.ts";
import { poolSpecOf } from "../model/kinds/pool.ts";
import { productSpecOf } from "../model/kinds/product.ts";
import { versionSetSpecOf } from "../model/kinds/version-set.ts";
import { isSomebodys, subscribedProduct, subscriptionSpecOf } from "../model/kinds/subscription.ts";
import { writtenDescription } from "../model/ownership.ts";
import { namedValueIds, referencesOf } from "../plan/live-references.ts";
import { pathKey } from "../plan/live.ts";
import type { LiveEntry, LiveModel } from "../plan/live.ts";
import { withoutMark } from "../policy/ownership.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { ServiceRef } from "../ports.ts";
import { compareText } from "../problem.ts";
import type {
  ApiSpec,
  FragmentSpec,
  GatewaySpec,
  OperationSpec,
  ProductSpec,
  SubscriptionSpec,
} from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import { commentsOutside } from "./comments.ts";
import type { Concessions } from "./concessions.ts";
import { PolicyFiles } from "./policy-files.ts";
import type { PolicyFile } from "./policy-files.ts";
import { recognizeIdentity } from "./recognize-identity.ts";
import type { ProductKeys } from "./product-keys.ts";
import { recognizeApi } from "./recognize-api.ts";
import type { PolicyParts } from "./recognize-operation.ts";
import { recognizeGlobal, recognizeProduct } from "./recognize-product.ts";
import { linkedApis } from "./select.ts";
import type { LiveApi, Selection } from "./select.ts";

export type BuiltSpec = {
  readonly spec: GatewaySpec;
  readonly files: readonly PolicyFile[];
  /** Comments of live documents that stand in no file, by JSON pointer of the entry. */
  readonly comments: ReadonlyMap<string, readonly string[]>;
};

export type SpecIdentity = { readonly name: string; readonly service: ServiceRef };

/** Builds, leaving out and taking whole what the concessions say. */
export function buildSpec(
  { name, service }: SpecIdentity,
  live: LiveModel,
  selection: Selection,
  concessions: Concessions,
): BuiltSpec {
  const others = selection.others.filter(({ path }) => !concessions.isLeftOut(path));
  const selected = selection.apis.filter(({ entry }) => !concessions.isLeftOut(entry.path));
  const files = new PolicyFiles();
  const comments = new Map<string, readonly string[]>();
  const ofKind = <Value extends object>(
    kind: LiveEntry["kind"],
    make: (id: string, properties: JsonObject, entry: LiveEntry) => Value,
  ) =>
    record(
      others
        .filter((entry) => entry.kind === kind)
        .map((entry): [string, Value] => [
          entry.id,
          { ...make(entry.id, entry.properties, entry), ...protectionOf(entry) },
        ]),
    );
  const fragments = ofKind("fragment", (id, properties, entry) =>
    buildFragment(id, properties, entry, files),
  );
  const clientId = recognizeIdentity(
    selected.flatMap(({ policy, operations }) =>
      [policy, ...operations].flatMap((each) => each?.document ?? []),
    ),
  );
  const apis = selected.map((api): [string, ApiSpec] => [
    api.entry.id,
    buildApi(api, { concessions, files, comments, clientId }),
  ]);
  const spec: GatewaySpec = {
    apimgw: 1,
    name,
    service: serviceRef(service),
    identity: clientId === undefined ? undefined : { clientId },
    backends: ofKind("backend", (_, properties) => backendSpecOf(properties)),
    pools: ofKind("pool", (_, properties) => poolSpecOf(properties)),
    namedValues: ofKind("namedValue", namedValueSpecOf),
    loggers: ofKind("logger", (_, properties) => loggerSpecOf(properties)),
    fragments,
    versionSets: ofKind("versionSet", versionSetSpecOf),
    existing: existingBeside(live, selection, concessions),
    apis: record(apis),
    products: ofKind("product", (id, properties, entry) => ({
      ...productSpecOf(id, properties, linkedApis(id, selected, live)),
      subscriptions: buildSubscriptions(id, live, concessions),
      ...buildProductPolicies(entry, selection, concessions, files, comments),
    })),
    policies: buildGlobalPolicies(service, selection, concessions, files, comments),
    serviceDiagnostics: buildDiagnostics(
      others.filter(({ kind }) => kind === "diagnostic"),
      concessions,
    ),
  };
  return { spec, files: files.files, comments };
}

/** Its mark says so; without it in the spec the next apply would take the protection away. */
function protectionOf({ mark }: LiveEntry): { readonly protected?: true } {
  return mark?.isProtected === true ? { protected: true } : {};
}

/** Sorted, and undefined when empty. */
function record<Value>(entries: readonly [string, Value][]): Record<string, Value> | undefined {
  const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
  return sorted.length === 0 ? undefined : Object.fromEntries(sorted);
}

function buildFragment(
  id: string,
  properties: JsonObject,
  { path, document }: LiveEntry,
  files: PolicyFiles,
): Exclude<FragmentSpec, string> {
  const nodes = document === undefined ? [] : [...document.before, document.root, ...document.after];
  return { ...files.add(path, ["fragments", id], nodes), description: writtenDescription(properties) };
}

type ApiParts = {
  readonly concessions: Concessions;
  readonly files: PolicyFiles;
  readonly comments: Map<string, readonly string[]>;
  readonly clientId: string | undefined;
};

function buildApi(
  { entry, policy, operations, diagnostics }: LiveApi,
  { concessions, files, comments, clientId }: ApiParts,
): ApiSpec {
  const document =
    policy === undefined || concessions.isLeftOut(policy.path) ? undefined : documentOf(policy);
  const listed = operations.flatMap((operation) => {
    const own = documentOf(operation);
    const isListed = own !== undefined && !concessions.isLeftOut(operation.path);
    return isListed ? [{ id: operationOf(operation), path: operation.path, document: own }] : [];
  });
  const paths = new Map(listed.map(({ id, path }) => [id, path]));
  const read = recognizeApi(
    { ...(document === undefined ? {} : { document }), operations: listed, clientId },
    {
      api: policy !== undefined && concessions.isTakenWhole(policy.path),
      operation: (id) => concessions.isTakenWhole(paths.get(id) ?? ""),
    },
  );
  const at = ["apis", entry.id];
  if (document !== undefined && read.parts !== false) note(comments, at, document, read.parts);
  const specs = listed.map(({ id, path, document: own }, index): [string, OperationSpec] => {
    const operation = read.operations[index];
    if (operation === undefined) throw new Error(`the operation ${id} was not read`);
    note(comments, [...at, "operations", id], own, operation.parts);
    const { backend, retry, fallback, timeout, streaming } = operation.spec;
    const policies = policiesOf(operation.parts, path, [entry.id, id], files);
    return [id, { backend, retry, fallback, timeout, streaming, policies }];
  });
  const { managedIdentity, apiVersion, unlisted, deny, inheritance } = read.settings;
  return {
    ...concessions.withoutProperties(entry.path, apiSpecOf(entry.properties)),
    managedIdentity,
    apiVersion,
    unlisted,
    deny,
    // Of no effect where nothing is denied and no operation has a document.
    inheritance: unlisted === "deny" || specs.length > 0 ? inheritance : undefined,
    diagnostics: buildDiagnostics(diagnostics, concessions),
    policies:
      read.parts === false ? false : policiesOf(read.parts, policy?.path ?? "", [entry.id, ""], files),
    operations: record(specs),
  };
}

/** Subscriptions that no developer made by signing up; without their keys. */
function buildSubscriptions(
  product: string,
  { entries }: LiveModel,
  concessions: Concessions,
): ProductSpec["subscriptions"] {
  const own = entries.filter(
    ({ kind, path, properties }) =>
      kind === "subscription" &&
      subscribedProduct(properties)?.toLowerCase() === product.toLowerCase() &&
      !isSomebodys(properties) &&
      !concessions.isLeftOut(path),
  );
  return record(
    own.map(({ path, properties }): [string, SubscriptionSpec] => {
      const id = path.slice(path.lastIndexOf("/") + 1);
      return [id, subscriptionSpecOf(id, properties)];
    }),
  );
}

/** What a product's document says: its keys, and what is left for policy files. */
function buildProductPolicies(
  { id, path }: LiveEntry,
  { documents }: Selection,
  concessions: Concessions,
  files: PolicyFiles,
  comments: Map<string, readonly string[]>,
): Pick<ProductSpec, "policies"> & ProductKeys {
  const entry = documents.find((each) => pathKey(each.path) === pathKey(policyPath(path)));
  const document = entry === undefined ? undefined : documentOf(entry);
  if (entry === undefined || document === undefined || concessions.isLeftOut(entry.path)) return {};
  const { keys, parts } = recognizeProduct(id, document, concessions.isTakenWhole(entry.path));
  note(comments, ["products", id], document, parts);
  const own = policiesOf(parts, entry.path, ["products", id], files);
  const isSaid = Object.values(keys).some((value) => value !== undefined);
  return { ...keys, policies: own ?? (isSaid ? undefined : {}) };
}

function buildGlobalPolicies(
  service: ServiceRef,
  { documents }: Selection,
  concessions: Concessions,
  files: PolicyFiles,
  comments: Map<string, readonly string[]>,
): GatewaySpec["policies"] {
  const entry = documents.find(({ path }) => pathKey(path) === pathKey(globalPolicyPath));
  const document = entry === undefined ? undefined : documentOf(entry);
  if (entry === undefined || document === undefined || concessions.isLeftOut(entry.path)) return undefined;
  const parts = recognizeGlobal(document, service, concessions.isTakenWhole(entry.path));
  note(comments, ["policies"], document, parts);
  return policiesOf(parts, entry.path, [globalPolicyId(service), ""], files) ?? {};
}

function documentOf({ document }: LiveEntry): PolicyDocument | undefined {
  return document === undefined ? undefined : withoutMark(document);
}

/** `apis/a/operations/o/policies/policy` → `o`. */
function operationOf({ path }: LiveEntry): string {
  return path.split("/")[3] ?? "";
}

function note(
  comments: Map<string, readonly string[]>,
  at: readonly string[],
  document: PolicyDocument,
  parts: PolicyParts,
): void {
  const lines = commentsOutside(document, parts);
  if (lines.length > 0) comments.set(pointer(...at), lines);
}

/** Parts as files: `policies/API/OPERATION.SECTION.xml`, and without the operation for the API itself. */
function policiesOf(
  { sections, document }: PolicyParts,
  resource: string,
  [api, operation]: readonly [string, string],
  files: PolicyFiles,
): OperationSpec["policies"] {
  const name = (part: string): string[] => [api, operation === "" ? part : `${operation}.${part}`];
  if (document !== undefined) {
    const nodes = [...document.before, document.root, ...document.after];
    return { document: files.add(resource, name("document"), nodes) };
  }
  const parts = sectionNames.flatMap((section) => {
    const nodes = sections[section];
    return nodes === undefined ? [] : [[section, files.add(resource, name(section), nodes)] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function buildDiagnostics(entries: readonly LiveEntry[], concessions: Concessions): ApiSpec["diagnostics"] {
  const find = (id: string): LiveEntry | undefined =>
    entries.find(({ path }) => !concessions.isLeftOut(path) && pathKey(path).endsWith(`diagnostics/${id}`));
  const insights = find(diagnosticIds.applicationInsights);
  const monitor = find(diagnosticIds.azureMonitor);
  if (insights === undefined && monitor === undefined) return undefined;
  return {
    applicationInsights: insights && diagnosticSpecOf(insights.properties),
    azureMonitor: monitor && diagnosticSpecOf(monitor.properties),
  };
}

const existingKeys: Partial<Record<LiveEntry["kind"], keyof NonNullable<GatewaySpec["existing"]>>> = {
  backend: "backends",
  pool: "backends",
  namedValue: "namedValues",
  logger: "loggers",
  fragment: "fragments",
};

/**
 * What the spec names and does not hold, so that it still plans; and what carries the spec's mark and does not fit the spec, so
 * that it is not taken for something to delete.
 */
function existingBeside(
  live: LiveModel,
  { apis, others, documents }: Selection,
  concessions: Concessions,
): GatewaySpec["existing"] {
  const isHeld = ({ path }: LiveEntry): boolean => !concessions.isLeftOut(path);
  const held = others.filter(isHeld);
  const speaking = [
    ...held,
    ...documents.filter(isHeld),
    ...apis
      .filter(({ entry }) => isHeld(entry))
      .flatMap(({ policy, operations, diagnostics }) =>
        [...(policy === undefined ? [] : [policy]), ...operations, ...diagnostics].filter(isHeld),
      ),
  ];
  const namedValueId = namedValueIds(live);
  const named = new Set(speaking.flatMap((entry) => referencesOf(entry, namedValueId).map(pathKey)));
  const declared = new Set(held.map(({ path }) => pathKey(path)));
  const marked = new Set(others.filter(({ owner }) => owner !== undefined).map(({ path }) => pathKey(path)));
  const beside = live.entries.filter(({ path }) => {
    const key = pathKey(path);
    return !declared.has(key) && (named.has(key) || marked.has(key));
  });
  const existing: { [key in keyof NonNullable<GatewaySpec["existing"]>]: string[] } = {};
  for (const entry of beside) {
    const key = existingKeys[entry.kind];
    if (key !== undefined) existing[key] = [...(existing[key] ?? []), nameOf(entry)].sort(compareText);
  }
  return Object.keys(existing).length === 0 ? undefined : existing;
}

/** Policies name a named value by its display name, everything else by its id. */
function nameOf({ kind, id, properties }: LiveEntry): string {
  return kind === "namedValue" ? (stringMember(properties, "displayName") ?? id) : id;
}
