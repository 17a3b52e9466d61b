/** From what a spec compiles to, to its routes: who may call what, and where each call goes. */
import { Failure } from "../failure.ts";
import { serviceName } from "../ports.ts";
import type { ServiceRef } from "../ports.ts";
import { gatewayConfig } from "../gateway/config.ts";
import type { ApiConfig, GatewayResource } from "../gateway/config.ts";
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import { isSecretNamedValue } from "../model/kinds/named-value.ts";
import { apiFlows } from "./api-flows.ts";
import { callerEntries } from "./caller-entries.ts";
import { GraphBuilder } from "./graph-builder.ts";
import type { Graph } from "./graph.ts";
import { selectOperations } from "./select-operations.ts";
import type { GraphSelection } from "./select-operations.ts";

export type GraphOptions = GraphSelection & {
  /** Whether nodes name every operation that they stand for. */
  readonly namesAll: boolean;
  readonly environment: string | undefined;
};

/** What is read of a model. */
export type DrawnModel = {
  readonly owner: string;
  readonly service: Pick<ServiceRef, "name" | "workspace">;
  readonly resources: readonly GatewayResource[];
};

/**
 * The graph; equal for equal models. The C# grammar must be loaded where documents hold expressions. Throws Failure
 * `GATEWAY.NAMED_VALUE`, `GRAPH.EMPTY` when there is no API, and `USAGE.API` or `USAGE.OPERATION` for names that there are not.
 */
export function gatewayGraph(model: DrawnModel, options: GraphOptions): Graph {
  // A secret is in no picture: what is said of it is its name.
  const resources = model.resources.filter((resource) => !isSecret(resource));
  const config = gatewayConfig(resources, [], model.service.workspace);
  if (config.apis.length === 0) {
    throw new Failure("GRAPH.EMPTY", "the spec has no APIs, so there are no routes to draw", {
      remedy: "Declare one under `apis`.",
    });
  }
  const apis = selectOperations(
    config.apis.map((api) => withVersion(withOtherOperations(api, resources), resources)),
    options,
  );
  const builder = new GraphBuilder(config, titlesOf(resources), options.namesAll);
  for (const { api, operations } of apis) {
    const entries = callerEntries(config, api);
    builder.addApi(api, entries, apiFlows(config, api, entries, operations));
  }
  return {
    name: model.owner,
    service: serviceName(model.service),
    environment: options.environment,
    ...builder.build(),
  };
}

function isSecret({ kind, body }: GatewayResource): boolean {
  if (kind !== "namedValue") return false;
  const properties = objectMember(body, "properties") ?? {};
  return isSecretNamedValue(properties) || stringMember(properties, "value") === undefined;
}

function titlesOf(resources: readonly GatewayResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ kind, id, body }) => {
      const title = stringMember(objectMember(body, "properties") ?? {}, "title");
      const isCalled = kind === "backend" || kind === "pool";
      return isCalled && title !== undefined ? [[id.toLowerCase(), title] as const] : [];
    }),
  );
}

/** The operations of an API that is on the service already are not all known: one stands for the others. */
function withOtherOperations(api: ApiConfig, resources: readonly GatewayResource[]): ApiConfig {
  const resource = resources.find(({ kind, id }) => kind === "api" && id === api.id);
  if (resource?.operations !== undefined) return api;
  const others = { id: otherOperations, name: otherOperations, method: "*", urlTemplate: "/*" };
  return { ...api, operations: [...api.operations, others] };
}

/** The version of an API that names a version set, which is a resource of its own. */
function withVersion(api: ApiConfig, resources: readonly GatewayResource[]): ApiConfig {
  const propertiesOf = (kind: GatewayResource["kind"], id: string) => {
    const resource = resources.find((other) => other.kind === kind && other.id === id);
    return objectMember(resource?.body ?? {}, "properties") ?? {};
  };
  const properties = propertiesOf("api", api.id);
  const value = stringMember(properties, "apiVersion");
  const setId = stringMember(properties, "apiVersionSetId");
  if (api.version !== undefined || value === undefined || setId === undefined) return api;
  const set = propertiesOf("versionSet", lastSegment(setId));
  const scheme = stringMember(set, "versioningScheme");
  if (scheme === "Header") {
    return { ...api, version: { scheme, name: stringMember(set, "versionHeaderName") ?? "", value } };
  }
  if (scheme === "Query") {
    return { ...api, version: { scheme, name: stringMember(set, "versionQueryName") ?? "", value } };
  }
  return { ...api, version: { scheme: "Segment", name: "", value } };
}

/** No id of an operation: it holds spaces. */
const otherOperations = "all other operations";
