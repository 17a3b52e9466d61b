/**
 * What Terraform's azurerm provider has for each kind, as of its version 4.53. A resource goes there only when every property
 * that the spec sets has its attribute and azurerm adds nothing of its own; all else is left to azapi, which sends bodies as
 * they are.
 *
 * - Policies and fragments: azurerm compares documents after taking out all spaces, so that it misses some changes and shows
 *   others where there are none (hashicorp/terraform-provider-azurerm#29521, #32483).
 * - Pools: it has none (#30855).
 * - Diagnostics: it adds `operationNameFormat`, and does not share azapi's locks while policies of the same API are written.
 */
import type { Kind } from "../../model/resource.ts";
import type { ObjectTemplate, Template } from "../template.ts";
import { memberOf } from "../template.ts";

/** How a property is written: as an attribute, as one block, or as a block for each item of a list. */
type Property =
  | {
      readonly attribute: string;
      /** The block that the attribute stands in, alone or with others, though the property does not. */
      readonly within?: string;
      readonly takes?: (value: Template) => boolean;
      readonly write?: (value: Template) => Template;
      /** A value that azurerm sends when the attribute is left out. */
      readonly unless?: string;
    }
  | { readonly block: string; readonly properties: Properties }
  | { readonly blocks: string; readonly properties: Properties }
  /** The properties of an object as attributes beside those of the object's parent. */
  | { readonly inline: Properties }
  /** azurerm always sends this value and has no attribute for it. */
  | { readonly always: string | boolean };

type Properties = Readonly<Record<string, Property>>;

export type AzurermResource = {
  readonly type: string;
  /** Attributes that hold the names of the path, the last of them its own, and what azurerm takes there. */
  readonly names: readonly { readonly attribute: string; readonly takes: RegExp }[];
  readonly properties: Properties;
  /** Attributes that azurerm requires and that say nothing about the body. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Whether all these properties together are what it can write. */
  readonly takes?: (properties: ObjectTemplate) => boolean;
};

/** One attribute or block of a resource; blocks hold more of them. */
export type AzurermItem =
  | { readonly attribute: string; readonly value: Template }
  | { readonly block: string; readonly items: readonly AzurermItem[] };

const childName = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,78}[a-zA-Z0-9])?$/;
const apiName = /^[^*#&+:<>?;/]{1,256}$/;
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const namedValue: AzurermResource = {
  type: "azurerm_api_management_named_value",
  names: [{ attribute: "name", takes: childName }],
  properties: {
    displayName: { attribute: "display_name" },
    value: { attribute: "value", takes: isNotEmpty },
    keyVault: {
      block: "value_from_key_vault",
      properties: {
        secretIdentifier: {
          attribute: "secret_id",
          takes: matches(/^https:\/\/[^/]+\/secrets\/[^/]+(?:\/[^/]+)?$/),
        },
        identityClientId: { attribute: "identity_client_id", takes: matches(guid) },
      },
    },
    secret: { attribute: "secret" },
    tags: { attribute: "tags" },
  },
  takes: (properties) =>
    (memberOf(properties, "value") === undefined) !== (memberOf(properties, "keyVault") === undefined),
};

/** The block says which logger it is; there is none for Azure Monitor. */
const applicationInsightsLogger: AzurermResource = {
  type: "azurerm_api_management_logger",
  names: [{ attribute: "name", takes: childName }],
  properties: {
    loggerType: { always: "applicationInsights" },
    resourceId: { attribute: "resource_id" },
    description: { attribute: "description" },
    credentials: {
      block: "application_insights",
      properties: {
        connectionString: { attribute: "connection_string" },
        instrumentationKey: { attribute: "instrumentation_key" },
      },
    },
  },
};

const eventHubLogger: AzurermResource = {
  type: "azurerm_api_management_logger",
  names: [{ attribute: "name", takes: childName }],
  properties: {
    loggerType: { always: "azureEventHub" },
    description: { attribute: "description" },
    credentials: {
      block: "eventhub",
      properties: {
        name: { attribute: "name" },
        connectionString: { attribute: "connection_string" },
        endpointAddress: { attribute: "endpoint_uri" },
        identityClientId: {
          attribute: "user_assigned_identity_client_id",
          unless: "SystemAssigned",
          takes: matches(guid),
        },
      },
    },
  },
  takes: (properties) => {
    const credentials = memberOf(properties, "credentials");
    if (credentials?.type !== "object") return false;
    // To an endpoint azurerm always sends an identity.
    const has = (name: string): boolean => memberOf(credentials, name) !== undefined;
    return has("endpointAddress") === has("identityClientId");
  },
};

const backend: AzurermResource = {
  type: "azurerm_api_management_backend",
  names: [{ attribute: "name", takes: /^\w(?:[\w-]*\w)?$/ }],
  properties: {
    // What it leaves out, and the service takes for granted.
    type: { always: "Single" },
    protocol: { attribute: "protocol" },
    url: { attribute: "url" },
    title: { attribute: "title", takes: isNotEmpty },
    description: { attribute: "description", takes: isNotEmpty },
    circuitBreaker: {
      inline: {
        rules: {
          blocks: "circuit_breaker_rule",
          properties: {
            name: { attribute: "name" },
            tripDuration: { attribute: "trip_duration" },
            acceptRetryAfter: { attribute: "accept_retry_after_enabled" },
            failureCondition: {
              block: "failure_condition",
              properties: {
                count: { attribute: "count" },
                percentage: { attribute: "percentage" },
                interval: { attribute: "interval_duration" },
                errorReasons: { attribute: "error_reasons" },
                statusCodeRanges: {
                  blocks: "status_code_range",
                  properties: { min: { attribute: "min" }, max: { attribute: "max" } },
                },
              },
            },
          },
        },
      },
    },
  },
};

const versionSet: AzurermResource = {
  type: "azurerm_api_management_api_version_set",
  names: [{ attribute: "name", takes: childName }],
  properties: {
    displayName: { attribute: "display_name", takes: isNotEmpty },
    description: { attribute: "description", takes: isNotEmpty },
    versioningScheme: { attribute: "versioning_scheme" },
    versionHeaderName: { attribute: "version_header_name", takes: isNotEmpty },
    versionQueryName: { attribute: "version_query_name", takes: isNotEmpty },
  },
};

const api: AzurermResource = {
  type: "azurerm_api_management_api",
  names: [{ attribute: "name", takes: apiName }],
  properties: {
    displayName: { attribute: "display_name", takes: isNotEmpty },
    description: { attribute: "description", takes: isNotEmpty },
    path: { attribute: "path", takes: matches(/^(?:|\w|[\w.][\w\-/.:]{0,398}[\w-])$/) },
    protocols: { attribute: "protocols" },
    serviceUrl: { attribute: "service_url" },
    apiVersion: { attribute: "version", takes: isNotEmpty },
    apiVersionSetId: { attribute: "version_set_id" },
    subscriptionRequired: { attribute: "subscription_required" },
    subscriptionKeyParameterNames: {
      block: "subscription_key_parameter_names",
      properties: {
        header: { attribute: "header", takes: isNotEmpty },
        query: { attribute: "query", takes: isNotEmpty },
      },
    },
    format: { attribute: "content_format", within: "import" },
    value: { attribute: "content_value", within: "import" },
  },
  fixed: { revision: "1" },
  takes: (properties) => memberOf(properties, "value") !== undefined,
};

const product: AzurermResource = {
  type: "azurerm_api_management_product",
  names: [{ attribute: "product_id", takes: childName }],
  properties: {
    displayName: { attribute: "display_name" },
    description: { attribute: "description" },
    subscriptionRequired: { attribute: "subscription_required" },
    // With approval it wants a limit to the number of subscriptions, which the spec does not have.
    approvalRequired: { always: false },
    state: {
      attribute: "published",
      takes: matches(/^(?:published|notPublished)$/),
      write: (value) => ({ type: "value", value: value.type === "value" && value.value === "published" }),
    },
  },
};

const productApi: AzurermResource = {
  type: "azurerm_api_management_product_api",
  names: [
    { attribute: "product_id", takes: childName },
    { attribute: "api_name", takes: apiName },
  ],
  properties: {},
};

/**
 * Every kind must say where it goes: to the first of these that can write it, else to azapi. A kind with an empty list always goes
 * to azapi.
 */
const azurermResources: Readonly<Record<Kind, readonly AzurermResource[]>> = {
  namedValue: [namedValue],
  logger: [applicationInsightsLogger, eventHubLogger],
  backend: [backend],
  pool: [],
  fragment: [],
  versionSet: [versionSet],
  api: [api],
  operation: [],
  product: [product],
  productApi: [productApi],
  subscription: [],
  diagnostic: [],
  policy: [],
  // Which there are is known only on a service: no spec compiles to one (export-files.ts).
  // A module writes APIs as they are to be, never a revision of them.
  revision: [],
  release: [],
  roleAssignment: [],
};

/** A resource as azurerm has it, whole. */
export type AzurermForm = { readonly resource: AzurermResource; readonly items: readonly AzurermItem[] };

/** Undefined when azurerm cannot write everything that the properties say under these names. */
export function azurermForm(
  kind: Kind,
  names: readonly string[],
  properties: ObjectTemplate,
): AzurermForm | undefined {
  for (const resource of azurermResources[kind]) {
    const takesNames = resource.names.every(({ takes }, index) => takes.test(names[index] ?? ""));
    if (!takesNames || resource.takes?.(properties) === false) continue;
    const items = itemsOf(resource.properties, properties);
    if (items !== undefined) return { resource, items };
  }
  return undefined;
}

function itemsOf(known: Properties, { members }: ObjectTemplate): AzurermItem[] | undefined {
  const items: AzurermItem[] = [];
  const within = new Map<string, AzurermItem[]>();
  for (const [key, value] of members) {
    const property = known[key];
    const written = property === undefined ? undefined : itemsFor(property, value);
    if (property === undefined || written === undefined) return undefined;
    const block = "within" in property ? property.within : undefined;
    if (block === undefined) items.push(...written);
    else within.set(block, [...(within.get(block) ?? []), ...written]);
  }
  return [...items, ...[...within].map(([block, inside]) => ({ block, items: inside }))];
}

function itemsFor(property: Property, value: Template): AzurermItem[] | undefined {
  if ("always" in property) return isText(value, property.always) ? [] : undefined;
  if ("attribute" in property) {
    if (property.unless !== undefined && isText(value, property.unless)) return [];
    if (property.takes?.(value) === false) return undefined;
    return [{ attribute: property.attribute, value: property.write?.(value) ?? value }];
  }
  if ("inline" in property) return value.type === "object" ? itemsOf(property.inline, value) : undefined;
  if ("block" in property) return blockOf(property.block, property.properties, value);
  if (value.type !== "list") return undefined;
  const blocks = value.items.map((item) => blockOf(property.blocks, property.properties, item));
  return blocks.every((each) => each !== undefined) ? blocks.flat() : undefined;
}

function blockOf(block: string, properties: Properties, value: Template): AzurermItem[] | undefined {
  if (value.type !== "object") return undefined;
  const items = itemsOf(properties, value);
  return items === undefined ? undefined : [{ block, items }];
}

function isText(value: Template, wanted: string | boolean): boolean {
  return value.type === "value" && value.value === wanted;
}

function isNotEmpty(value: Template): boolean {
  return value.type !== "value" || value.value !== "";
}

function matches(pattern: RegExp): (value: Template) => boolean {
  return (value) => value.type === "value" && typeof value.value === "string" && pattern.test(value.value);
}
