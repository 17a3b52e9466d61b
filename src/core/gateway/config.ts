/** What a gateway runs on: the resources of a service, read once into the shapes that requests need. */
import type { JsonObject } from "../json.ts";
import { listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import { linkedApi } from "../model/kinds/product.ts";
import type { Resource } from "../model/resource.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { apiOperations } from "./api-operations.ts";
import { apiVersion, unknownVersionSets } from "./api-version.ts";
import type { ApiVersion } from "./api-version.ts";
import { backendConfig } from "./backend-config.ts";
import type { BackendConfig } from "./backend-config.ts";
import { substituteNamedValues } from "./named-values.ts";

/** What is read of a resource; whatever holds ARM's bodies can give it. */
export type GatewayResource = Pick<Resource, "kind" | "id" | "path" | "body" | "document" | "operations">;

export type OperationConfig = {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  /** With the query of the template, where it has one. */
  readonly urlTemplate: string;
};

export type ApiConfig = {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly version: ApiVersion | undefined;
  readonly serviceUrl: string | undefined;
  readonly subscriptionRequired: boolean;
  readonly keyNames: { readonly header: string; readonly query: string };
  readonly operations: readonly OperationConfig[];
  /** Text of the OpenAPI document that it was imported from; undefined where that is not known. */
  readonly openApi: string | undefined;
};

export type ProductConfig = {
  readonly id: string;
  readonly name: string;
  readonly subscriptionRequired: boolean;
  readonly approvalRequired: boolean;
  readonly isPublished: boolean;
  /** Ids of its APIs, in lower case. */
  readonly apis: ReadonlySet<string>;
};

export type SubscriptionScope =
  | { readonly kind: "all" }
  | { readonly kind: "api"; readonly api: string }
  | { readonly kind: "product"; readonly product: string };

export type SubscriptionConfig = {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly [primary: string, secondary: string];
  readonly scope: SubscriptionScope;
  readonly isActive: boolean;
};

/** A subscription of a product without its keys: how a spec says it. */
export type DeclaredSubscription = Omit<SubscriptionConfig, "keys">;

export type GatewayConfig = {
  readonly apis: readonly ApiConfig[];
  readonly products: readonly ProductConfig[];
  /** Those that calls may come with. */
  readonly subscriptions: readonly SubscriptionConfig[];
  /** Those that the resources name; whoever runs the gateway gives them keys. */
  readonly declared: readonly DeclaredSubscription[];
  /** Keys in lower case. */
  readonly backends: ReadonlyMap<string, BackendConfig>;
  /** By ARM path below the service, in lower case, without `/policies/policy`: `apis/a/operations/b`; the global one is "", and so is a workspace's. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
  /** Keys in lower case. */
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  /** The workspace that all of this is in; its document is the one at "", and stands below the global one. */
  readonly workspace: string | undefined;
  /** What could not be known and was made up, for people. */
  readonly notes: readonly string[];
  /** Values that must be in no output. */
  readonly secrets: readonly string[];
};

/**
 * Reads the resources. Named values are put in place of `{{name}}` as text. Throws Failure `GATEWAY.NAMED_VALUE` when a document is
 * no policy document with them, as the service would refuse it.
 */
export function gatewayConfig(
  resources: readonly GatewayResource[],
  subscriptions: readonly SubscriptionConfig[],
  workspace?: string,
): GatewayConfig {
  const ofKind = (kind: Resource["kind"]) => resources.filter((resource) => resource.kind === kind);
  const backends = [...ofKind("backend"), ...ofKind("pool")].map(({ id, body }) =>
    backendConfig(id, propertiesOf(body)),
  );
  const { documents, notes, secrets } = substituteNamedValues(resources);
  const documentOf = (resource: GatewayResource): PolicyDocument[] => {
    const document = documents.get(resource) ?? resource.document;
    return document === undefined ? [] : [document];
  };
  const sets = new Map(ofKind("versionSet").map(({ id, body }) => [id.toLowerCase(), propertiesOf(body)]));
  const apis = ofKind("api").map((resource) => apiConfig(resource, sets));
  return {
    apis: withPolicyOperations(apis, ofKind("policy")),
    products: ofKind("product").map((product) => productConfig(product, ofKind("productApi"))),
    subscriptions,
    declared: ofKind("subscription").flatMap(declaredSubscription),
    backends: new Map(backends.map((backend) => [backend.id.toLowerCase(), backend])),
    policies: new Map(
      ofKind("policy").flatMap((resource) =>
        documentOf(resource).map((document) => [scopePath(resource.path), document] as const),
      ),
    ),
    fragments: new Map(
      ofKind("fragment").flatMap((resource) =>
        documentOf(resource).map((document) => [resource.id.toLowerCase(), document] as const),
      ),
    ),
    workspace,
    notes: [...notes, ...unknownVersionSets(ofKind("api"), sets).map(versionSetNote)],
    secrets,
  };
}

function versionSetNote(id: string): string {
  return `The version set ${id} is not known here: its versions are looked for in the path.`;
}

function scopePath(path: string): string {
  return path.toLowerCase().replace(/\/?policies\/policy$/, "");
}

function propertiesOf(body: JsonObject): JsonObject {
  return objectMember(body, "properties") ?? {};
}

function apiConfig(resource: GatewayResource, sets: ReadonlyMap<string, JsonObject>): ApiConfig {
  const properties = propertiesOf(resource.body);
  const keys = objectMember(properties, "subscriptionKeyParameterNames") ?? {};
  return {
    id: resource.id,
    name: stringMember(properties, "displayName") ?? resource.id,
    path: stringMember(properties, "path") ?? resource.id,
    version: apiVersion(properties, sets),
    serviceUrl: stringMember(properties, "serviceUrl"),
    subscriptionRequired: properties["subscriptionRequired"] !== false,
    keyNames: {
      header: stringMember(keys, "header") ?? "Ocp-Apim-Subscription-Key",
      query: stringMember(keys, "query") ?? "subscription-key",
    },
    operations: apiOperations(resource),
    openApi: stringMember(properties, "format") === undefined ? undefined : stringMember(properties, "value"),
  };
}

function productConfig(resource: GatewayResource, links: readonly GatewayResource[]): ProductConfig {
  const properties = propertiesOf(resource.body);
  const prefix = `${resource.path}/apis/`.toLowerCase();
  const own = links.map(({ path }) => path.toLowerCase()).filter((path) => path.startsWith(prefix));
  const linked = links
    .filter(({ path }) => path.toLowerCase().startsWith(`${resource.path}/apiLinks/`.toLowerCase()))
    .flatMap(({ body }) => linkedApi(propertiesOf(body))?.toLowerCase() ?? []);
  const apis = listMember(properties, "apis").filter((api): api is string => typeof api === "string");
  return {
    id: resource.id,
    name: stringMember(properties, "displayName") ?? resource.id,
    subscriptionRequired: properties["subscriptionRequired"] !== false,
    approvalRequired: properties["approvalRequired"] === true,
    isPublished: properties["state"] !== "notPublished",
    apis: new Set([...own.map((path) => path.slice(prefix.length)), ...linked, ...apis]),
  };
}

/** Undefined scopes are left out: those of products, APIs and all APIs are known. */
function declaredSubscription({ path, body }: GatewayResource): DeclaredSubscription[] {
  const properties = propertiesOf(body);
  const id = path.slice(path.lastIndexOf("/") + 1);
  const scope = scopeOf(stringMember(properties, "scope") ?? "");
  if (scope === undefined) return [];
  const name = stringMember(properties, "displayName") ?? id;
  return [{ id, name, scope, isActive: stringMember(properties, "state") === "active" }];
}

function scopeOf(scope: string): SubscriptionScope | undefined {
  const [, collection = "", id = ""] = /(?:^|\/)(apis|products)(?:\/([^/]+))?\/?$/i.exec(scope) ?? [];
  if (collection.toLowerCase() === "products")
    return id === "" ? undefined : { kind: "product", product: id };
  if (collection.toLowerCase() !== "apis") return undefined;
  return id === "" ? { kind: "all" } : { kind: "api", api: id };
}

/**
 * The operations of an API that is on the service already are not known; those that have a policy document get the address that
 * Azure OpenAI's operations of that name have, or one made from the name.
 */
function withPolicyOperations(
  apis: readonly ApiConfig[],
  policies: readonly GatewayResource[],
): readonly ApiConfig[] {
  const known = new Map(apis.map((api) => [api.id.toLowerCase(), api]));
  for (const { path } of policies) {
    const [, id, operation] = /^apis\/([^/]+)(?:\/operations\/([^/]+))?\/policies\/policy$/.exec(path) ?? [];
    if (id === undefined) continue;
    const api = known.get(id.toLowerCase()) ?? unknownApi(id);
    const isKnown = api.operations.some((other) => other.id.toLowerCase() === operation?.toLowerCase());
    const added = operation === undefined || isKnown ? [] : [usualOperation(operation)];
    known.set(id.toLowerCase(), { ...api, operations: [...api.operations, ...added] });
  }
  return [...known.values()];
}

function unknownApi(id: string): ApiConfig {
  return {
    id,
    name: id,
    path: id,
    version: undefined,
    serviceUrl: undefined,
    subscriptionRequired: true,
    keyNames: { header: "Ocp-Apim-Subscription-Key", query: "subscription-key" },
    operations: [],
    openApi: undefined,
  };
}

const usualPaths: Readonly<Record<string, string>> = {
  chatcompletions_create: "/deployments/{deployment-id}/chat/completions",
  completions_create: "/deployments/{deployment-id}/completions",
  embeddings_create: "/deployments/{deployment-id}/embeddings",
  imagegenerations_create: "/deployments/{deployment-id}/images/generations",
};

function usualOperation(id: string): OperationConfig {
  return { id, name: id, method: "POST", urlTemplate: usualPaths[id.toLowerCase()] ?? `/${id}` };
}
