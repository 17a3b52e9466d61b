/**
 * The language of gateway.yaml, defined once: the TypeScript types, the validation and the JSON Schema for editors come
 * from here. Values keep the shape the user wrote (a duration stays `5m`); duration.ts and status-codes.ts read them.
 */
import { z } from "zod";
import { environmentNamePattern, environmentNameRule } from "./environment-name.ts";
import {
  api,
  diagnostics,
  fragment,
  policies,
  type diagnostic,
  type fallback,
  type operation,
  type route,
  type xmlSource,
} from "./schema-api.ts";
import { product } from "./schema-product.ts";
import {
  accountId,
  apiId,
  armResourceId,
  deploymentName,
  displayName,
  duration,
  httpUrl,
  namedValueName,
  protection,
  resourceId,
  statusCode,
} from "./schema-values.ts";

/** The tiers of APIM, as ARM spells them. */
export const serviceTiers = [
  "Consumption",
  "Developer",
  "Basic",
  "Standard",
  "Premium",
  "BasicV2",
  "StandardV2",
  "PremiumV2",
  "Isolated",
] as const;

export type ServiceTier = (typeof serviceTiers)[number];

const service = z.strictObject({
  subscriptionId: z
    .guid("an Azure subscription id (a GUID)")
    .describe("Azure subscription that has the service."),
  resourceGroup: z.string().min(1).max(90).describe("Resource group that has the service."),
  name: z
    .string()
    .max(50)
    .regex(/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, "letters, digits and hyphens, starting with a letter")
    .describe("Name of the APIM instance."),
  workspace: resourceId
    .optional()
    .describe(
      "Id of a workspace of it, which must be there: everything that this spec makes is in it. The service itself when left out.",
    ),
  sku: z.enum(serviceTiers).optional().describe("Tier: lint knows what it cannot do."),
});

const circuitBreaker = z
  .strictObject({
    count: z.int().min(1).max(10_000).optional().describe("Failures within the interval that trip it."),
    percentage: z.int().min(1).max(100).optional().describe("Or the share of failures that trips it."),
    interval: duration.describe("Window in which failures are counted, in whole seconds: `5m`."),
    statusCodes: z.array(statusCode).min(1).optional().describe("Answers that count as failures."),
    errorReasons: z
      .array(z.string().min(1))
      .min(1)
      .max(10)
      .optional()
      .describe("Gateway error reasons that count, such as `Timeout`."),
    tripDuration: duration.describe("How long the backend is out once tripped, in whole seconds: `1m`."),
    acceptRetryAfter: z.boolean().optional().describe("Take the answer's Retry-After as the time it is out."),
  })
  .refine(({ count, percentage }) => isOne(count, percentage), "give either `count` or `percentage`")
  .refine(
    ({ statusCodes, errorReasons }) => statusCodes !== undefined || errorReasons !== undefined,
    "give `statusCodes`, `errorReasons` or both",
  )
  .describe("When APIM stops calling this backend for a while. APIM allows one rule per backend.");

// The service takes 2000; the ownership mark needs the rest.
const description = z.string().max(1900).optional();

const identity = z
  .union([
    z.literal("system"),
    z.strictObject({
      clientId: z
        .guid("the client id of a managed identity (a GUID)")
        .describe("Client id of a user-assigned identity that the service has."),
    }),
  ])
  .describe("Which of the service's identities calls the accounts; `system` when left out.");

/** What is done about the roles that the identity needs. */
const rolesMode = z.enum(["manage", "check", "ignore"]);

const roles = z
  .union([
    rolesMode,
    z.strictObject({
      mode: rolesMode.optional().describe("`check` when left out."),
      role: z
        .string()
        .min(1)
        .max(512)
        .optional()
        .describe("Name or id of the role; `Cognitive Services OpenAI User` when left out."),
    }),
  ])
  .describe(
    "The role of that identity on each `account`: `manage` gives it, `check` says where it is missing, `ignore` reads nothing; `check` when left out.",
  );

const backend = z
  .strictObject({
    url: httpUrl.describe("Base URL of the account, ending in `/openai` for Azure OpenAI."),
    title: displayName.describe("Name that people see."),
    description: description.describe("What it is for."),
    account: accountId
      .optional()
      .describe("ARM id of the account behind the URL: what `roles` and `doctor` look at."),
    circuitBreaker: circuitBreaker.optional(),
    protected: protection,
    deployments: z
      .record(deploymentName, deploymentName)
      .optional()
      .describe(
        "Deployments that have another name on this account: the name callers use, to the account's own.",
      ),
  })
  .describe("A backend of type Single.");

const poolMember = z.strictObject({
  backend: z.string().describe("Id of a backend of this spec."),
  priority: z.int().min(0).max(100).optional().describe("Lower is used first."),
  weight: z.int().min(0).max(100).optional().describe("Share within its priority."),
});

const pool = z
  .strictObject({
    title: displayName.describe("Name that people see."),
    description: description.describe("What it is for."),
    members: z.array(poolMember).min(1).max(30).describe("Its backends, each once."),
    whenNamesDiffer: z
      .enum(["error", "expand"])
      .optional()
      .describe(
        "When a deployment has different names on its members: `error`, which holds when left out, or `expand`, a pool for each such deployment.",
      ),
    protected: protection,
  })
  .describe("A backend of type Pool: round robin over its members, by priority and weight.");

const namedValue = z
  .strictObject({
    value: z
      .string()
      .regex(/\S/, "some text")
      .max(4096)
      .optional()
      .describe("The value itself; secrets best from a variable."),
    keyVault: z
      .url({ protocol: /^https$/, error: "an https URL of a Key Vault secret" })
      .optional()
      .describe("Or the identifier of a Key Vault secret."),
    identityClientId: z
      .string()
      .optional()
      .describe("Client id of the user-assigned identity that reads the Key Vault."),
    secret: z
      .boolean()
      .optional()
      .describe(
        "The service never shows the value again. Without `value`: it must be on the service, and is never written.",
      ),
    displayName: namedValueName.min(1).optional().describe("The name in `{{name}}`; the id when left out."),
    protected: protection,
    tags: z
      .array(
        z
          .string()
          .regex(
            /^(?!apimgw[-:])\S(?:.*\S)?$/,
            "a word or a few, and not what marks owners: `apimgw:` and `apimgw-`",
          ),
      )
      .max(29)
      .optional()
      .describe("Tags, for people to find it by."),
  })
  .refine(
    ({ value, keyVault, secret }) =>
      isOne(value, keyVault) || (secret === true && value === undefined && keyVault === undefined),
    "give either `value` or `keyVault`, or `secret: true` alone for a value that stays on the service",
  )
  .refine(
    ({ identityClientId, keyVault }) => identityClientId === undefined || keyVault !== undefined,
    "`identityClientId` goes with `keyVault`",
  )
  .describe("A value that policies read as `{{name}}`.");

const applicationInsights = z
  .strictObject({
    resourceId: armResourceId.optional().describe("ARM id of the Application Insights resource."),
    connectionString: z.string().min(1).optional().describe('Best as a named value: `"{{name}}"`.'),
    instrumentationKey: z.string().min(1).optional().describe('Best as a named value: `"{{name}}"`.'),
  })
  .refine(
    ({ connectionString, instrumentationKey }) =>
      connectionString !== undefined || instrumentationKey !== undefined,
    'give `connectionString` or `instrumentationKey`, best as a named value: "{{name}}"',
  );

const eventHub = z
  .strictObject({
    name: z.string().min(1).describe("Name of the event hub."),
    connectionString: z.string().min(1).optional().describe('Best as a named value: `"{{name}}"`.'),
    endpointAddress: z.string().min(1).optional().describe("Or its endpoint, for a managed identity."),
    identityClientId: z
      .string()
      .min(1)
      .optional()
      .describe("`SystemAssigned`, or the client id of a user-assigned identity."),
  })
  .refine(
    ({ connectionString, endpointAddress }) => isOne(connectionString, endpointAddress),
    "give either `connectionString` or `endpointAddress`",
  );

const logger = z
  .strictObject({
    // The service takes 256; the ownership mark needs the rest.
    description: z.string().max(160).optional().describe("What it is for."),
    applicationInsights: applicationInsights.optional().describe("To Application Insights."),
    eventHub: eventHub.optional().describe("To an event hub."),
    azureMonitor: z.strictObject({}).optional().describe("To Azure Monitor: `{}`."),
    protected: protection,
  })
  .refine(
    ({ applicationInsights, eventHub, azureMonitor }) => isOne(applicationInsights, eventHub, azureMonitor),
    "give one of `applicationInsights`, `eventHub` and `azureMonitor`",
  )
  .describe("Where telemetry goes.");

const existingName = z.string().min(1).max(256);

const existing = z
  .strictObject({
    backends: z.array(existingName).min(1).optional().describe("Ids of backends and pools."),
    namedValues: z.array(existingName).min(1).optional().describe("Display names, as in `{{name}}`."),
    loggers: z.array(existingName).min(1).optional().describe("Ids of loggers."),
    fragments: z.array(existingName).min(1).optional().describe("Ids of policy fragments."),
  })
  .describe("What is on the service without being this spec's: it may be named, and is never written.");

const versionSet = z
  .strictObject({
    displayName: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Name that people see; the id when left out."),
    description: z.string().max(900).optional().describe("What it is for."),
    scheme: z
      .enum(["path", "header", "query"])
      .describe(
        "Where callers name the version: behind the API's path, in a header, or in a query parameter.",
      ),
    name: z
      .string()
      .min(1)
      .max(100)
      .regex(
        /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
        "the name of a header or a query parameter, such as `api-version`",
      )
      .optional()
      .describe("Name of the header or the query parameter."),
    protected: protection,
  })
  .refine(
    ({ scheme, name }) => (scheme === "path") === (name === undefined),
    "`name` goes with `scheme: header` and `scheme: query`, which need it, and not with `path`",
  )
  .describe("APIs that are versions of one another.");

/** The global document has no scope above it. */
const globalPolicies = policies(
  "For the inbound section.",
  "For the backend section, in place of `<forward-request />`, which is what forwards calls at all.",
  "Or the whole document, `<policies>` and all.",
);

const environments = z.record(
  z.string().regex(environmentNamePattern, environmentNameRule),
  z.record(z.string(), z.unknown()).describe("What differs in this environment."),
);

const lint = z.strictObject({
  rules: z
    .record(z.string(), z.enum(["off", "info", "warning", "error"]))
    .optional()
    .describe("Severities by rule id, over those of the rules; `apimgw explain` lists the rules."),
});

export const gatewaySchema = z
  .strictObject({
    apimgw: z.literal(1).describe("Version of this format: `1`."),
    name: z
      .string()
      .max(64)
      .regex(
        /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
        "letters, digits, - . _, starting and ending with a letter or digit",
      )
      .describe("Whose resources these are: the ownership mark."),
    service: service.describe("The APIM instance."),
    identity: identity.optional(),
    roles: roles.optional(),
    backends: z.record(resourceId, backend).optional().describe("Single backends, by id."),
    pools: z.record(resourceId, pool).optional().describe("Pools of backends, by id."),
    namedValues: z.record(namedValueName, namedValue).optional().describe("Named values, by id."),
    loggers: z.record(resourceId, logger).optional().describe("Loggers, by id."),
    fragments: z.record(resourceId, fragment).optional().describe("Policy fragments, by id."),
    existing: existing.optional(),
    openapiFolder: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder of your own OpenAPI documents, relative to this file, for APIs that name theirs by name; `specs` when left out.",
      ),
    versionSets: z.record(resourceId, versionSet).optional().describe("Version sets, by id."),
    apis: z.record(apiId, api).optional().describe("APIs, by id."),
    products: z.record(resourceId, product).optional().describe("Products, by id."),
    policies: globalPolicies
      .optional()
      .describe("Hand-written policy XML for the global document, which every call runs through."),
    serviceDiagnostics: diagnostics
      .optional()
      .describe(
        "What every API of the service sends to loggers, this spec's or not, unless it says otherwise.",
      ),
    lint: lint.optional().describe("How lint judges this gateway."),
    environments: environments
      .optional()
      .describe("Overlays, chosen with `--env`: maps are merged, lists and scalars replaced, null removes."),
  })
  .meta({
    title: "apimgw gateway spec",
    description: "What an Azure API Management gateway in front of Azure OpenAI should be.",
  });

function isOne(...values: readonly unknown[]): boolean {
  return values.filter((value) => value !== undefined).length === 1;
}

export type GatewaySpec = z.infer<typeof gatewaySchema>;
export type RolesMode = z.infer<typeof rolesMode>;
export type BackendSpec = z.infer<typeof backend>;
export type CircuitBreakerSpec = z.infer<typeof circuitBreaker>;
export type PoolSpec = z.infer<typeof pool>;
export type NamedValueSpec = z.infer<typeof namedValue>;
export type LoggerSpec = z.infer<typeof logger>;
export type FragmentSpec = z.infer<typeof fragment>;
export type ApiSpec = z.infer<typeof api>;
export type OperationSpec = z.infer<typeof operation>;
/** Where calls go: an operation's, or a model's of it. */
export type RouteSpec = z.infer<typeof route>;
export type FallbackSpec = z.infer<typeof fallback>;
export type XmlSource = z.infer<typeof xmlSource>;
export type DiagnosticSpec = z.infer<typeof diagnostic>;
export type VersionSetSpec = z.infer<typeof versionSet>;
export type StatusCodeSpec = z.infer<typeof statusCode>;
export type {
  CallQuotaSpec,
  CallersSpec,
  ContentSafetySpec,
  ProductSpec,
  RateLimitSpec,
  SemanticCacheSpec,
  SubscriptionSpec,
  TokenLimitSpec,
  TokenMetricsSpec,
} from "./schema-product.ts";
export type SectionName = "inbound" | "backend" | "outbound" | "on-error";
