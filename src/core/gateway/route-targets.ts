/** The routes of a gateway, and where their policies send requests. */
import { attributeValue } from "../policy/tree.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import { apiBasePath, versionText } from "./api-version.ts";
import type { GatewayConfig } from "./config.ts";

export type RouteTarget = {
  readonly api: string;
  readonly operation: string;
  readonly method: string;
  /** Below the gateway, with the version of the API where it is part of the path. */
  readonly path: string;
  /** What calls say of the version outside of the path: `header Api-Version: v2`; null where nothing. */
  readonly version: string | null;
  /** Backends that the narrowest document that names any names, expressions as they are; empty where none does. */
  readonly backends: readonly string[];
  /** Whether the operation or its API has a document of its own. */
  readonly hasPolicy: boolean;
};

/** One for each operation, sorted by API and path as the configuration has them. */
export function routeTargets(config: GatewayConfig): RouteTarget[] {
  return config.apis.flatMap((api) => {
    const base = apiBasePath(api);
    const scope = `apis/${api.id}`.toLowerCase();
    return api.operations.map(({ id, method, urlTemplate }) => {
      const documents = [`${scope}/operations/${id.toLowerCase()}`, scope].flatMap(
        (path) => config.policies.get(path) ?? [],
      );
      const named = documents.map(backendsOf).find((backends) => backends.length > 0);
      return {
        api: api.id,
        operation: id,
        method,
        path: base + urlTemplate,
        version: versionText(api.version),
        backends: named ?? [],
        hasPolicy: documents.length > 0,
      };
    });
  });
}

function backendsOf({ root }: PolicyDocument): string[] {
  const found = new Set<string>();
  walkElements(root, (element) => {
    if (element.name !== "set-backend-service") return;
    const target = attributeValue(element, "backend-id") ?? attributeValue(element, "base-url");
    if (target !== undefined) found.add(target);
  });
  return [...found];
}
