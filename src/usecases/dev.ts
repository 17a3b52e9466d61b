/** What the gateway of `dev` runs on: the spec with what it names, or what a service holds. */
import { gatewayResources } from "../core/gateway/arm-resources.ts";
import type { ArmResource } from "../core/gateway/arm-resources.ts";
import { gatewayConfig } from "../core/gateway/config.ts";
import type {
  DeclaredSubscription,
  GatewayConfig,
  GatewayResource,
  ProductConfig,
  SubscriptionConfig,
} from "../core/gateway/config.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import { subscriptionPath } from "../core/model/kinds/subscription.ts";
import type { Problem } from "../core/problem.ts";
import type { Files } from "../core/ports.ts";
import { withInstances } from "../core/simulate/scenario.ts";
import type { Scenario } from "../core/simulate/scenario.ts";
import { hasExpressions } from "./has-expressions.ts";
import { lint } from "./lint.ts";
import { loadGateway } from "./load-gateway.ts";
import type { GatewayRequest } from "./load-gateway.ts";
import { readScenario } from "./simulate.ts";

/** The key that every API takes; nothing that it opens is worth a secret. */
export const devKey = "apimgw-local-key";

/** The key of a product's subscription. */
export function devProductKey(product: string): string {
  return `${devKey}-${product}`;
}

export type DevSource = {
  readonly request: GatewayRequest;
  /** Undefined for accounts without limits. */
  readonly scenarioFile: string | undefined;
  /** How many gateway instances, whatever the scenario says. */
  readonly instances: number | undefined;
};

export type DevGateway = {
  /** Absent when something has an error. */
  readonly served?: { readonly config: GatewayConfig; readonly scenario: Scenario };
  readonly problems: readonly Problem[];
  readonly texts: ReadonlyMap<string, string>;
};

/**
 * Checks and reads the spec and the scenario. Throws Failure `FILE.*`, `SCENARIO.INVALID` and `GATEWAY.NAMED_VALUE`; what else is
 * wrong are problems.
 */
export async function loadDevGateway(
  files: Files,
  { request, ...source }: DevSource,
  loadGrammar: () => Promise<void>,
): Promise<DevGateway> {
  const { result, texts } = await lint(files, request, { severities: new Map(), loadGrammar });
  const { problems } = result;
  if (problems.some(({ severity }) => severity === "error")) return { problems, texts };
  const { model } = await loadGateway(files, request);
  if (model === undefined) return { problems, texts };
  const config = await devConfig(model.resources, model.service.workspace, loadGrammar);
  return { served: { config, scenario: await loadDevScenario(files, source) }, problems, texts };
}

/** What has been applied to a service, or to a workspace of it. Throws Failure `GATEWAY.NAMED_VALUE`. */
export async function appliedGateway(
  resources: readonly ArmResource[],
  workspace: string | undefined,
  loadGrammar: () => Promise<void>,
): Promise<GatewayConfig> {
  return devConfig(gatewayResources(resources), workspace, loadGrammar);
}

/** Throws Failure `FILE.*` and `SCENARIO.INVALID`. */
export async function loadDevScenario(
  files: Files,
  { scenarioFile, instances }: Omit<DevSource, "request">,
): Promise<Scenario> {
  const scenario = scenarioFile === undefined ? {} : (await readScenario(files, scenarioFile)).scenario;
  return withInstances(scenario, instances);
}

async function devConfig(
  resources: readonly GatewayResource[],
  workspace: string | undefined,
  loadGrammar: () => Promise<void>,
): Promise<GatewayConfig> {
  const config = gatewayConfig(resources, [], workspace);
  // Also what named values have brought in.
  const documents = [...config.policies.values(), ...config.fragments.values()];
  if (documents.some((document) => hasExpressions({ document }))) await loadGrammar();
  const declared = config.declared.map((each) => withKeys(each, resources));
  const made = declared.flatMap(({ keys }) => keys).filter((key) => !key.startsWith(devKey));
  return {
    ...config,
    subscriptions: [...devSubscriptions(config.products), ...declared],
    secrets: [...config.secrets, ...made],
  };
}

/** With the keys that the service has made, or, for what a spec declares, with one that is always the same. */
function withKeys(declared: DeclaredSubscription, resources: readonly GatewayResource[]): SubscriptionConfig {
  const path = subscriptionPath(declared.id).toLowerCase();
  const body = resources.find((resource) => resource.path.toLowerCase() === path)?.body ?? {};
  const properties = objectMember(body, "properties") ?? {};
  const [primary, secondary] = [
    stringMember(properties, "primaryKey"),
    stringMember(properties, "secondaryKey"),
  ];
  return { ...declared, keys: [primary ?? devSubscriptionKey(declared), secondary ?? ""] };
}

/** The key of a subscription that the spec declares; no id has a dot. */
function devSubscriptionKey({ id, scope }: DeclaredSubscription): string {
  const product = scope.kind === "product" ? scope.product : scope.kind;
  return `${devKey}.${product}.${id}`;
}

/** A subscription that calls may come with, for those who make the calls. */
export type DevSubscription = { readonly id: string; readonly product: string; readonly key: string };

/** Those that the spec or the service names, in the order of their ids. */
export function declaredKeys({ declared, subscriptions }: GatewayConfig): DevSubscription[] {
  const named = new Set(declared.map(({ id }) => id));
  return subscriptions.flatMap(({ id, scope, keys: [key] }) =>
    named.has(id) && scope.kind === "product" ? [{ id, product: scope.product, key }] : [],
  );
}

function devSubscriptions(products: readonly ProductConfig[]): SubscriptionConfig[] {
  const all: SubscriptionConfig = {
    id: "dev",
    name: "Development",
    keys: [devKey, ""],
    scope: { kind: "all" },
    isActive: true,
  };
  return [
    all,
    ...products.map(({ id, name }): SubscriptionConfig => ({
      id: `dev-${id}`,
      name,
      keys: [devProductKey(id), ""],
      scope: { kind: "product", product: id },
      isActive: true,
    })),
  ];
}

/** The same files, and the paths of all that is asked for, whether it is there or not. */
export function recordReads(files: Files): { readonly files: Files; readonly paths: ReadonlySet<string> } {
  const paths = new Set<string>();
  const recording: Files = {
    read: (path) => {
      paths.add(path);
      return files.read(path);
    },
    exists: (path) => files.exists(path),
    write: (path, text) => files.write(path, text),
    append: (path, text) => files.append(path, text),
  };
  return { files: recording, paths };
}
