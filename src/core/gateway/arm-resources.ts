/** What a service holds, in ARM's words, as what a gateway runs on. */
import type { JsonObject } from "../json.ts";
import { stringMember } from "../model/kind-definition.ts";
import { isPool } from "../model/kinds/pool.ts";
import type { Kind } from "../model/resource.ts";
import { parsePolicyDocument } from "../policy/parse.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { GatewayResource } from "./config.ts";

export type ArmResource = {
  /** Below the service: `apis/azure-openai/operations/Chat`. */
  readonly path: string;
  /** `properties`; a policy or fragment has its text in `value`, as `xml`. */
  readonly properties: JsonObject;
};

/** Resources that gateways have no use for are left out. Operations go into their APIs. */
export function gatewayResources(resources: readonly ArmResource[]): GatewayResource[] {
  const operations = Map.groupBy(
    resources.filter(({ path }) => operationPath.test(path)),
    ({ path }) => path.slice(0, path.toLowerCase().indexOf("/operations/")).toLowerCase(),
  );
  return resources.flatMap(({ path, properties }): GatewayResource[] => {
    // Calls go to the current revision of an API.
    if (/^apis\/[^/]*;rev=/i.test(path)) return [];
    const kind = kindOf(path, properties);
    if (kind === undefined) return [];
    const id = lastSegment(path);
    if (kind === "api") {
      const own = operations.get(path.toLowerCase()) ?? [];
      const listed = own.map((operation) => ({ ...operation.properties, id: lastSegment(operation.path) }));
      return [{ kind, id, path, body: { properties: { ...properties, operations: listed } } }];
    }
    const document = kind === "policy" || kind === "fragment" ? documentOf(properties) : undefined;
    return [{ kind, id, path, body: { properties }, ...(document === undefined ? {} : { document }) }];
  });
}

const operationPath = /^apis\/[^/]+\/operations\/[^/]+$/i;

const kinds: readonly (readonly [path: RegExp, kind: Kind])[] = [
  [/^namedValues\/[^/]+$/i, "namedValue"],
  [/^backends\/[^/]+$/i, "backend"],
  [/^policyFragments\/[^/]+$/i, "fragment"],
  [/^apis\/[^/]+$/i, "api"],
  [/^apiVersionSets\/[^/]+$/i, "versionSet"],
  [/^products\/[^/]+$/i, "product"],
  [/^products\/[^/]+\/(?:apis|apiLinks)\/[^/]+$/i, "productApi"],
  [/^subscriptions\/[^/]+$/i, "subscription"],
  [/(?:^|\/)policies\/policy$/i, "policy"],
];

function kindOf(path: string, properties: JsonObject): Kind | undefined {
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1];
  return kind === "backend" && isPool(properties) ? "pool" : kind;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The service has checked it; what cannot be read all the same is as if it were not there. */
function documentOf(properties: JsonObject): PolicyDocument | undefined {
  const parsed = parsePolicyDocument(stringMember(properties, "value") ?? "", { dialect: "xml" });
  return parsed.ok ? parsed.document : undefined;
}
