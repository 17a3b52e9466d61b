/** The parts of `context` that are the same for every request of an operation and a product. */
import type { ApiConfig, OperationConfig, ProductConfig, SubscriptionConfig } from "./config.ts";
import type {
  GatewayApi,
  GatewayContext,
  GatewayDeployment,
  GatewayProduct,
  GatewaySubscription,
} from "./context.ts";
import { parseUrl } from "./message.ts";

export type ContextParts = Pick<GatewayContext, "api" | "operation" | "product" | "workspace" | "deployment">;

const deployment: GatewayDeployment = {
  kind: "IDeployment",
  gatewayId: "managed",
  region: "local",
  serviceId: "apimgw.azure-api.net",
  serviceName: "apimgw",
  certificates: new Map(),
};

export function contextParts(
  api: ApiConfig,
  operation: OperationConfig,
  product: ProductConfig | undefined,
  workspace: string | undefined,
): ContextParts {
  return {
    api: apiValue(api),
    operation: {
      kind: "IOperation",
      id: operation.id,
      name: operation.name,
      method: operation.method,
      urlTemplate: operation.urlTemplate,
    },
    product: product === undefined ? null : productValue(product),
    // What it is called, no spec says: its name is taken to be its id.
    workspace: workspace === undefined ? null : { kind: "IWorkspace", id: workspace, name: workspace },
    deployment,
  };
}

function apiValue(api: ApiConfig): GatewayApi {
  return {
    kind: "IContextApi",
    id: api.id,
    name: api.name,
    path: api.path,
    revision: "1",
    version: api.version?.value ?? "",
    isCurrentRevision: true,
    protocols: ["https"],
    serviceUrl: api.serviceUrl === undefined ? null : (parseUrl(api.serviceUrl) ?? null),
    subscriptionKeyNames: api.keyNames,
  };
}

function productValue(product: ProductConfig): GatewayProduct {
  return {
    kind: "IProduct",
    id: product.id,
    name: product.name,
    approvalRequired: product.approvalRequired,
    subscriptionRequired: product.subscriptionRequired,
    subscriptionLimit: null,
    state: product.isPublished ? "Published" : "NotPublished",
    apis: [],
    groups: [],
  };
}

/** A subscription as policies see it. Dates are not known locally: all begin with 2020. */
export function subscriptionValue(
  subscription: SubscriptionConfig | undefined,
  key: string | undefined,
): GatewaySubscription | null {
  if (subscription === undefined) return null;
  const [primary, secondary] = subscription.keys;
  return {
    kind: "ISubscription",
    id: subscription.id,
    name: subscription.name,
    key: key ?? primary,
    primaryKey: primary,
    secondaryKey: secondary,
    createdDate: "2020-01-01T00:00:00Z",
    startDate: null,
    endDate: null,
  };
}
