/** The `products` part of the spec: which APIs are offered together, to whom, and how much of them. */
import { z } from "zod";
import { addressRule, isAddressRange } from "./address-range.ts";
import { policies } from "./schema-api.ts";
import { displayName, duration, protection, resourceId } from "./schema-values.ts";

/** Whose calls are counted together, beside an expression. */
export const counterKeys = ["subscription", "product", "user", "ip"] as const;

const counterKey = z
  .string()
  .regex(
    /^(?:subscription|product|user|ip|@[({][\s\S]*[)}])$/,
    "`subscription`, `product`, `user`, `ip` or a C# expression such as @(context.Request.IpAddress)",
  )
  .optional()
  .describe(
    "Whose calls are counted together: `subscription` when left out, `product`, `user`, `ip`, or a C# expression.",
  );

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "the name of an HTTP header");

const variableName = z.string().min(1);

/** Periods of a token quota, as the policy spells them; each starts at the UTC clock cut down to its unit. */
export const quotaPeriods = ["Hourly", "Daily", "Weekly", "Monthly", "Yearly"] as const;

const tokenLimit = z
  .strictObject({
    tokensPerMinute: z.int().min(1).optional().describe("More are answered with 429."),
    quota: z.int().min(1).optional().describe("Tokens within `period`; more are answered with 403."),
    period: z
      .enum(quotaPeriods)
      .optional()
      .describe("Of `quota`; it starts at the full hour, day, … in UTC."),
    counterKey,
    estimate: z
      .boolean()
      .optional()
      .describe(
        "Estimate the prompt's tokens, so that a call can be refused before it is sent; `true` when left out.",
      ),
    headers: z
      .union([
        z.literal(true),
        z.strictObject({
          remaining: headerName.optional().describe("Tokens that are left of this minute."),
          remainingQuota: headerName.optional().describe("Tokens that are left of the quota."),
          consumed: headerName.optional().describe("Tokens that the call used."),
          retryAfter: headerName.optional().describe("Seconds to wait; `Retry-After` when left out."),
        }),
      ])
      .optional()
      .describe(
        "Headers that tell callers; `true`: `remaining-tokens`, `remaining-quota-tokens` and `consumed-tokens`.",
      ),
    variables: z
      .strictObject({
        remaining: variableName.optional(),
        remainingQuota: variableName.optional(),
        consumed: variableName.optional(),
        retryAfter: variableName.optional(),
      })
      .optional()
      .describe("Names of variables that get the same numbers, for policies."),
  })
  .refine(
    ({ tokensPerMinute, quota }) => tokensPerMinute !== undefined || quota !== undefined,
    "give `tokensPerMinute`, `quota` or both",
  )
  .refine(
    ({ quota, period }) => (quota === undefined) === (period === undefined),
    "`quota` and `period` go together",
  )
  .describe("Tokens that callers may use: `llm-token-limit`.");

/** The dimensions whose value the gateway knows by itself. */
export const knownDimensions = [
  "API ID",
  "Operation ID",
  "Product ID",
  "User ID",
  "Subscription ID",
  "Location",
  "Gateway ID",
  "Backend ID",
] as const;

/** `llm-emit-token-metric` takes no more. */
const mostDimensions = 10;

const tokenMetrics = z
  .strictObject({
    namespace: z.string().min(1).optional().describe("Of the metrics; `API Management` when left out."),
    dimensions: z
      .array(
        z.union([
          z
            .string()
            .regex(
              new RegExp(`^(?:${knownDimensions.join("|")})$`),
              `${knownDimensions.map((name) => `\`${name}\``).join(", ")}, or a map of \`name\` and \`value\``,
            ),
          z.strictObject({
            name: z.string().min(1).describe("Name of the dimension."),
            value: z.string().min(1).describe("Its value: text or a C# expression."),
          }),
        ]),
      )
      .min(1)
      .max(mostDimensions)
      .describe(
        "By what tokens can be told apart: names whose value the gateway knows, or a name with its value.",
      ),
  })
  .describe("Metrics of tokens used, in Application Insights: `llm-emit-token-metric`.");

const callHeaders = z
  .union([
    z.literal(true),
    z.strictObject({
      remaining: headerName.optional().describe("Calls that are left."),
      total: headerName.optional().describe("Calls that are allowed."),
      retryAfter: headerName.optional().describe("Seconds to wait; `Retry-After` when left out."),
    }),
  ])
  .optional()
  .describe("Headers that tell callers; `true`: `remaining-calls` and `total-calls`.");

const rateLimit = z
  .strictObject({
    calls: z.int().min(1).describe("Calls within `period`; more are answered with 429."),
    period: duration.describe("Sliding window, in whole seconds, at most `5m`."),
    counterKey,
    headers: callHeaders,
  })
  .describe(
    "Calls that callers may make in a short time: `rate-limit` by subscription, else `rate-limit-by-key`.",
  );

const quota = z
  .strictObject({
    calls: z.int().min(1).optional().describe("Calls within `period`; more are answered with 403."),
    bandwidth: z.int().min(1).optional().describe("Kilobytes within `period`."),
    period: duration.describe("Fixed window, in whole seconds, at least `5m`; `0s`: it never starts anew."),
    counterKey,
  })
  .refine(
    ({ calls, bandwidth }) => calls !== undefined || bandwidth !== undefined,
    "give `calls`, `bandwidth` or both",
  )
  .describe("Calls that callers may make in a long time: `quota` by subscription, else `quota-by-key`.");

const claim = z.union([
  z.array(z.string().min(1)).min(1),
  z.strictObject({
    values: z.array(z.string().min(1)).min(1).describe("Values that the claim must have."),
    match: z.enum(["all", "any"]).optional().describe("Whether all of them or one; `all` when left out."),
    separator: z
      .string()
      .min(1)
      .optional()
      .describe("What separates several values in one text, as in `scp`."),
  }),
]);

const entra = z
  .strictObject({
    tenant: z.string().min(1).describe("Id or domain of the Microsoft Entra tenant, or `{{name}}`."),
    audiences: z.array(z.string().min(1)).min(1).optional().describe("Audiences that tokens may be for."),
    clientApplications: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Ids of applications that may call."),
    requiredClaims: z
      .record(z.string().min(1), claim)
      .optional()
      .describe("Claims that tokens must have, with all of the values listed."),
    header: headerName.optional().describe("Header that has the token; `Authorization` when left out."),
  })
  .refine(
    ({ audiences, clientApplications }) => audiences !== undefined || clientApplications !== undefined,
    "give `audiences`, `clientApplications` or both: without them any token of the tenant is let in",
  )
  .describe("Callers must have a token of Microsoft Entra: `validate-azure-ad-token`.");

const callers = z
  .strictObject({
    entra: entra.optional(),
    ipRanges: z
      .array(z.string().refine(isAddressRange, `expected ${addressRule}`))
      .min(1)
      .optional()
      .describe(
        "Addresses that may call (`ip-filter`): `203.0.113.7`, `203.0.113.0/24` or `203.0.113.7-203.0.113.20`.",
      ),
  })
  .refine(
    ({ entra: token, ipRanges }) => token !== undefined || ipRanges !== undefined,
    "give `entra`, `ipRanges` or both",
  )
  .describe("Who may call, beside having a subscription key.");

/** What Azure AI Content Safety judges texts by is named below; how severe a text must be, here. */
const threshold = z.int().min(0).max(7);

const contentSafety = z
  .strictObject({
    backend: z.string().describe("Id of the backend that is an Azure AI Content Safety resource."),
    shieldPrompt: z.boolean().optional().describe("Look for attempts to talk the model out of its rules."),
    completions: z.boolean().optional().describe("Check the model's answers as well."),
    categories: z
      .strictObject({
        Hate: threshold.optional(),
        SelfHarm: threshold.optional(),
        Sexual: threshold.optional(),
        Violence: threshold.optional(),
      })
      .optional()
      .describe(
        "Severity from which a text is refused, by category: 0, 2, 4 or 6; with `EightSeverityLevels` 0-7.",
      ),
    outputType: z
      .enum(["FourSeverityLevels", "EightSeverityLevels"])
      .optional()
      .describe("How finely severity is told; `FourSeverityLevels` when left out."),
    blocklists: z.array(z.string().min(1)).min(1).optional().describe("Ids of blocklists of that resource."),
  })
  .describe("Texts that are refused: `llm-content-safety`.");

const semanticCache = z
  .strictObject({
    embeddings: z.string().describe("Id of the backend that makes embeddings of prompts."),
    scoreThreshold: z
      .number()
      .min(0)
      .max(1)
      .describe("How far prompts may differ to be taken for the same; begin near 0.05, lower is stricter."),
    duration: duration
      .optional()
      .describe("How long answers are kept, in whole seconds; `5m` when left out."),
    varyBy: z
      .string()
      .regex(
        /^(?:subscription|product|user|none|@[({][\s\S]*[)}])$/,
        "`subscription`, `product`, `user`, `none` or a C# expression such as @(context.User.Id)",
      )
      .optional()
      .describe(
        "Who gets answers of whose prompts: `subscription` when left out. `none`: everybody, of everybody.",
      ),
    ignoreSystemMessages: z.boolean().optional().describe("Leave system messages out of the comparison."),
    maxMessageCount: z.int().min(1).optional().describe("Longer dialogs are not looked up."),
  })
  .describe("Answers of similar prompts, again: `llm-semantic-cache-lookup` and `llm-semantic-cache-store`.");

const subscription = z
  .strictObject({
    displayName: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Name that people see; the id when left out."),
    state: z
      .enum(["active", "suspended", "cancelled"])
      .optional()
      .describe("`active` when left out; with the others its keys are refused."),
    owner: z
      .string()
      .regex(/^[^*#&+:<>?/\\s]{1,80}$/, "the id of a user of the service")
      .optional()
      .describe("Id of the developer whose it is, who must be on the service; nobody's when left out."),
  })
  .describe("A subscription: a pair of keys that calls come through the product with.");

const productPolicies = policies(
  "For the inbound section, after what the product's other keys write.",
  "For the backend section.",
  "Or the whole document, `<policies>` and all, in place of everything else that the product says of calls.",
);

export const product = z
  .strictObject({
    displayName: displayName.describe("Name that people see."),
    description: z.string().max(900).optional().describe("What it is for."),
    apis: z.array(z.string()).optional().describe("Ids of APIs of this spec."),
    subscriptionRequired: z.boolean().optional().describe("Callers need a subscription key."),
    approvalRequired: z.boolean().optional().describe("Subscriptions wait for an administrator's approval."),
    subscriptionsLimit: z
      .int()
      .min(1)
      .optional()
      .describe("How many subscriptions one developer may have; as it is on the service when left out."),
    protected: protection,
    published: z.boolean().optional().describe("Callers can see it and subscribe; `true` when left out."),
    subscriptions: z
      .union([z.array(resourceId).min(1), z.record(resourceId, subscription)])
      .optional()
      .describe(
        "Subscriptions to create, by id or as a list of ids. Their keys are never read; `apimgw keys` shows them.",
      ),
    callers: callers.optional(),
    rateLimit: rateLimit.optional(),
    quota: quota.optional(),
    tokenLimit: z
      .union([tokenLimit, z.array(tokenLimit).min(1).max(10)])
      .optional()
      .describe("Tokens that callers may use, or several such limits."),
    contentSafety: contentSafety.optional(),
    tokenMetrics: tokenMetrics.optional(),
    semanticCache: semanticCache.optional(),
    policies: productPolicies
      .optional()
      .describe("Hand-written policy XML for the product's document, checked like everything else."),
  })
  .refine(
    ({ subscriptionRequired, subscriptionsLimit }) =>
      subscriptionRequired !== false || subscriptionsLimit === undefined,
    "`subscriptionsLimit` goes with subscriptions: not with `subscriptionRequired: false`",
  )
  .refine(
    ({ subscriptionRequired, subscriptions }) =>
      subscriptionRequired !== false || subscriptions === undefined,
    "a product with `subscriptionRequired: false` takes no subscriptions",
  )
  .describe("A product: APIs that are offered together.");

/** Keys of a product that write into its policy document. */
export const productDocumentKeys = [
  "callers",
  "rateLimit",
  "quota",
  "tokenLimit",
  "contentSafety",
  "tokenMetrics",
  "semanticCache",
] as const satisfies readonly (keyof ProductSpec)[];

export type ProductSpec = z.infer<typeof product>;
export type SubscriptionSpec = z.infer<typeof subscription>;
export type TokenLimitSpec = z.infer<typeof tokenLimit>;
export type TokenMetricsSpec = z.infer<typeof tokenMetrics>;
export type RateLimitSpec = z.infer<typeof rateLimit>;
export type CallQuotaSpec = z.infer<typeof quota>;
export type CallersSpec = z.infer<typeof callers>;
export type ContentSafetySpec = z.infer<typeof contentSafety>;
export type SemanticCacheSpec = z.infer<typeof semanticCache>;
