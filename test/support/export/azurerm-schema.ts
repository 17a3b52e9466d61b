/**
 * What azurerm 4.53 takes, from its published schema: names, types, what is required, what excludes what; and what it sends for
 * it. Only what export writes: an attribute that is not here is refused, as azurerm would refuse one that it does not know.
 */
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { textOf } from "./deploy.ts";

export type AttributeSchema = {
  readonly type: "string" | "bool" | "number" | "strings";
  readonly required?: true;
  readonly pattern?: RegExp;
};

export type BlockSchema = {
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  readonly blocks?: Readonly<Record<string, BlockSchema & { readonly max?: 1; readonly required?: true }>>;
  /** Of these exactly one is set. */
  readonly exactlyOne?: readonly (readonly string[])[];
  readonly atLeastOne?: readonly (readonly string[])[];
};

/** A block with its values. */
export type BlockValues = {
  readonly attributes: Readonly<Record<string, Json>>;
  readonly blocks: Readonly<Record<string, readonly BlockValues[]>>;
};

export type AzurermType = BlockSchema & {
  readonly path: (values: BlockValues) => string;
  /** The body that is PUT. */
  readonly body: (values: BlockValues) => JsonObject;
};

const childName = /^[a-zA-Z0-9]([a-zA-Z0-9-_]{0,78}[a-zA-Z0-9])?$/;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const text: AttributeSchema = { type: "string" };
const someText: AttributeSchema = { type: "string", pattern: /./s };
const needed: AttributeSchema = { type: "string", required: true, pattern: /./s };
const flag: AttributeSchema = { type: "bool" };
const ofService = { api_management_name: needed, resource_group_name: needed };
const named = (name: string, pattern: RegExp = childName) => ({
  [name]: { type: "string", required: true, pattern } as const,
  ...ofService,
});

const first = (values: BlockValues, block: string): BlockValues["attributes"] | undefined =>
  values.blocks[block]?.[0]?.attributes;
const name = ({ attributes }: BlockValues, attribute = "name"): string => textOf(attributes[attribute]);

export const azurermTypes: Readonly<Record<string, AzurermType>> = {
  azurerm_api_management_named_value: {
    attributes: {
      ...named("name"),
      display_name: { type: "string", required: true, pattern: /^[A-Za-z0-9-._]{1,256}$/ },
      value: someText,
      secret: flag,
      tags: { type: "strings" },
    },
    blocks: {
      value_from_key_vault: {
        max: 1,
        attributes: {
          secret_id: {
            type: "string",
            required: true,
            pattern: /^https:\/\/[^/]+\/secrets\/[^/]+(\/[^/]+)?$/,
          },
          identity_client_id: { type: "string", pattern: guid },
        },
      },
    },
    exactlyOne: [["value", "value_from_key_vault"]],
    path: (values) => `namedValues/${name(values)}`,
    body: (values) => {
      const { display_name, value, secret = false, tags } = values.attributes;
      const vault = first(values, "value_from_key_vault");
      return {
        properties: {
          displayName: display_name,
          secret,
          value,
          tags,
          keyVault:
            vault === undefined
              ? undefined
              : { secretIdentifier: vault["secret_id"], identityClientId: vault["identity_client_id"] },
        },
      };
    },
  },
  azurerm_api_management_logger: {
    attributes: { ...named("name"), resource_id: someText, description: text },
    blocks: {
      application_insights: {
        max: 1,
        attributes: { connection_string: someText, instrumentation_key: someText },
        exactlyOne: [["connection_string", "instrumentation_key"]],
      },
      eventhub: {
        max: 1,
        attributes: {
          name: needed,
          connection_string: someText,
          endpoint_uri: someText,
          user_assigned_identity_client_id: { type: "string", pattern: guid },
        },
        exactlyOne: [["connection_string", "endpoint_uri"]],
      },
    },
    exactlyOne: [["application_insights", "eventhub"]],
    path: (values) => `loggers/${name(values)}`,
    body: (values) => {
      const insights = first(values, "application_insights");
      const hub = first(values, "eventhub") ?? {};
      const endpoint = hub["endpoint_uri"];
      return {
        properties: {
          loggerType: insights === undefined ? "azureEventHub" : "applicationInsights",
          isBuffered: true,
          description: values.attributes["description"] ?? "",
          resourceId: values.attributes["resource_id"],
          credentials:
            insights === undefined
              ? {
                  name: hub["name"],
                  connectionString: hub["connection_string"],
                  endpointAddress: endpoint,
                  identityClientId:
                    endpoint === undefined
                      ? undefined
                      : (hub["user_assigned_identity_client_id"] ?? "SystemAssigned"),
                }
              : {
                  connectionString: insights["connection_string"],
                  instrumentationKey: insights["instrumentation_key"],
                },
        },
      };
    },
  },
  azurerm_api_management_backend: {
    attributes: {
      ...named("name", /(^\w+$)|(^\w[\w-]+\w$)/),
      protocol: { type: "string", required: true, pattern: /^(http|soap)$/ },
      url: needed,
      title: { type: "string", pattern: /^.{1,300}$/s },
      description: { type: "string", pattern: /^.{1,2000}$/s },
    },
    blocks: {
      circuit_breaker_rule: {
        max: 1,
        attributes: {
          name: { type: "string", required: true, pattern: childName },
          trip_duration: { type: "string", required: true, pattern: /^P/ },
          accept_retry_after_enabled: flag,
        },
        blocks: {
          failure_condition: {
            max: 1,
            required: true,
            attributes: {
              interval_duration: { type: "string", required: true, pattern: /^P/ },
              count: { type: "number" },
              percentage: { type: "number" },
              error_reasons: { type: "strings" },
            },
            blocks: {
              status_code_range: {
                attributes: {
                  min: { type: "number", required: true },
                  max: { type: "number", required: true },
                },
              },
            },
            exactlyOne: [["count", "percentage"]],
            atLeastOne: [["status_code_range", "error_reasons"]],
          },
        },
      },
    },
    path: (values) => `backends/${name(values)}`,
    body: (values) => {
      const { protocol, url, title, description } = values.attributes;
      const rules = values.blocks["circuit_breaker_rule"]?.map(breakerRule);
      return {
        properties: {
          protocol,
          url,
          title,
          description,
          circuitBreaker: rules === undefined ? undefined : { rules },
        },
      };
    },
  },
  azurerm_api_management_api: {
    attributes: {
      ...named("name", /^[^*#&+:<>?]{1,256}$/),
      revision: needed,
      display_name: needed,
      description: text,
      path: { type: "string", pattern: /^(?:|\w|[\w.][\w\-/.:]{0,398}[\w-])$/ },
      protocols: { type: "strings", required: true },
      service_url: text,
      subscription_required: flag,
      version: text,
      version_set_id: text,
    },
    blocks: {
      subscription_key_parameter_names: { max: 1, attributes: { header: needed, query: needed } },
      import: {
        max: 1,
        attributes: {
          content_format: {
            type: "string",
            required: true,
            pattern: /^(openapi|openapi\+json|swagger-json)$/,
          },
          content_value: needed,
        },
      },
    },
    path: (values) => `apis/${name(values)}`,
    // Really two requests: the import, then the rest.
    body: (values) => {
      const {
        display_name,
        description,
        path,
        protocols,
        service_url,
        subscription_required = true,
      } = values.attributes;
      const document = first(values, "import") ?? {};
      return {
        properties: {
          displayName: display_name,
          description,
          path,
          protocols,
          serviceUrl: service_url,
          apiVersion: values.attributes["version"],
          apiVersionSetId: values.attributes["version_set_id"],
          subscriptionRequired: subscription_required,
          subscriptionKeyParameterNames: first(values, "subscription_key_parameter_names"),
          format: document["content_format"],
          value: document["content_value"],
        },
      };
    },
  },
  azurerm_api_management_api_version_set: {
    attributes: {
      ...named("name"),
      display_name: needed,
      description: someText,
      versioning_scheme: { type: "string", required: true, pattern: /^(Header|Query|Segment)$/ },
      version_header_name: someText,
      version_query_name: someText,
    },
    path: (values) => `apiVersionSets/${name(values)}`,
    body: ({ attributes }) => ({
      properties: {
        displayName: attributes["display_name"],
        description: attributes["description"] ?? "",
        versioningScheme: attributes["versioning_scheme"],
        versionHeaderName: attributes["version_header_name"],
        versionQueryName: attributes["version_query_name"],
      },
    }),
  },
  azurerm_api_management_product: {
    attributes: {
      ...named("product_id"),
      display_name: needed,
      description: text,
      subscription_required: flag,
      published: { type: "bool", required: true },
    },
    path: (values) => `products/${name(values, "product_id")}`,
    body: ({ attributes: { display_name, description = "", subscription_required = true, published } }) => ({
      properties: {
        displayName: display_name,
        description,
        subscriptionRequired: subscription_required,
        terms: "",
        state: published === true ? "published" : "notPublished",
      },
    }),
  },
  azurerm_api_management_product_api: {
    attributes: {
      ...named("product_id"),
      api_name: { type: "string", required: true, pattern: /^[^*#&+:<>?]{1,256}$/ },
    },
    path: (values) => `products/${name(values, "product_id")}/apis/${name(values, "api_name")}`,
    body: () => ({}),
  },
};

function breakerRule(rule: BlockValues): JsonObject {
  const condition = rule.blocks["failure_condition"]?.[0];
  const {
    interval_duration: interval,
    count,
    percentage,
    error_reasons: errorReasons,
  } = condition?.attributes ?? {};
  return {
    name: rule.attributes["name"],
    tripDuration: rule.attributes["trip_duration"],
    acceptRetryAfter: rule.attributes["accept_retry_after_enabled"] ?? false,
    failureCondition: {
      interval,
      count,
      percentage,
      errorReasons,
      statusCodeRanges: condition?.blocks["status_code_range"]?.map(({ attributes }) => attributes),
    },
  };
}

/** What azurerm would say of a block: unknown and missing names, wrong types, what excludes what. */
export function schemaFaults(schema: BlockSchema, values: BlockValues, where: string): string[] {
  const set = new Set([...Object.keys(values.attributes), ...Object.keys(values.blocks)]);
  const chosen = (names: readonly string[]): number => names.filter((each) => set.has(each)).length;
  return [
    ...Object.entries(values.attributes).flatMap(([key, value]) => {
      const attribute = schema.attributes[key];
      if (attribute === undefined) return [`${where}: unsupported argument ${key}`];
      return isOfType(attribute, value) ? [] : [`${where}: ${key} cannot be ${JSON.stringify(value)}`];
    }),
    ...Object.entries(schema.attributes).flatMap(([key, { required }]) =>
      required === true && !set.has(key) ? [`${where}: ${key} is required`] : [],
    ),
    ...Object.entries(values.blocks).flatMap(([key, blocks]) => {
      const inside = schema.blocks?.[key];
      if (inside === undefined) return [`${where}: unsupported block ${key}`];
      const tooMany = inside.max === 1 && blocks.length > 1 ? [`${where}: more than one block ${key}`] : [];
      return [...tooMany, ...blocks.flatMap((block) => schemaFaults(inside, block, `${where}.${key}`))];
    }),
    ...Object.entries(schema.blocks ?? {}).flatMap(([key, { required }]) =>
      required === true && !set.has(key) ? [`${where}: a block ${key} is required`] : [],
    ),
    ...(schema.exactlyOne ?? []).flatMap((names) =>
      chosen(names) === 1 ? [] : [`${where}: one of ${names.join(", ")} must be set`],
    ),
    ...(schema.atLeastOne ?? []).flatMap((names) =>
      chosen(names) > 0 ? [] : [`${where}: one of ${names.join(", ")} must be set`],
    ),
  ];
}

function isOfType({ type, pattern }: AttributeSchema, value: Json): boolean {
  if (type === "strings") return Array.isArray(value) && value.every((item) => typeof item === "string");
  if (type === "bool") return typeof value === "boolean";
  if (type === "number") return typeof value === "number";
  return typeof value === "string" && (pattern?.test(value) ?? true);
}
