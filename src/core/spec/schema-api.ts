/** The `apis` part of the spec: APIs, their operations and what these do with a request. */
import { z } from "zod";
import {
  displayName,
  duration,
  httpUrl,
  modelPattern,
  operationId,
  protection,
  seconds,
  statusCode,
} from "./schema-values.ts";

const file = z.string().min(1).describe("Path relative to this file.");

export const xmlSource = z.union([z.string(), z.strictObject({ file })]);

export const fragment = z
  .union([
    z.string(),
    z.strictObject({
      file,
      description: z.string().max(900).optional().describe("What it is for."),
      protected: protection,
    }),
  ])
  .describe("A policy fragment: its XML, or the file that has it.");

export const retry = z.union([
  z.literal(true),
  z.strictObject({
    on: z.array(statusCode).min(1).optional().describe("Answers to try again on; `429` when left out."),
    count: z.int().min(1).max(50).describe("How many times to try again."),
    interval: seconds
      .optional()
      .describe("Wait before each new try, in whole seconds or as a duration; 0 when left out."),
  }),
]);

const targets = z.array(z.string()).min(1).max(50);

export const fallback = z.union([
  targets,
  z.strictObject({
    to: targets.describe("Ids of backends or pools, in order."),
    on: z.array(statusCode).min(1).optional().describe("Answers to go on at; `429` when left out."),
  }),
]);

/** Hand-written policies of a scope: by section, or the whole document. Takes what is to be said of three of them. */
export const policies = (inbound: string, backend: string, document: string) =>
  z.strictObject({
    inbound: xmlSource.optional().describe(inbound),
    backend: xmlSource.optional().describe(backend),
    outbound: xmlSource.optional().describe("For the outbound section."),
    "on-error": xmlSource.optional().describe("For the on-error section."),
    document: xmlSource.optional().describe(document),
  });

const operationPolicies = policies(
  "For the inbound section.",
  "For the backend section, in place of what `retry` and the like write.",
  "Or the whole document, `<policies>` and all, in place of everything else that the operation says.",
);

const apiPolicies = policies(
  "For the inbound section, after what `unlisted` and `managedIdentity` write.",
  "For the backend section.",
  "Or the whole document, `<policies>` and all. Not with `unlisted: deny`, which writes into it.",
);

const denyAnswer = z.strictObject({
  status: z.int().min(100).max(599).optional().describe("HTTP status; the usual one when left out."),
  reason: z
    .string()
    .min(1)
    .regex(/^.+$/, "one line of text")
    .optional()
    .describe("Reason phrase; the usual one when left out."),
  body: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .optional()
    .describe("Body: text, or a map that is sent as JSON."),
});

const headerName = (example: string) =>
  z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, `the name of an HTTP header, such as \`${example}\``);

const masking = z.record(z.string().min(1), z.enum(["mask", "hide"]));

const loggedMessage = {
  headers: z.array(headerName("x-ms-region")).optional().describe("Names of the headers that are sent."),
  bodyBytes: z
    .int()
    .min(0)
    .max(8192)
    .optional()
    .describe("How much of the body is sent, in bytes. For answers 0, or they are not streamed."),
  mask: z
    .strictObject({
      headers: masking.optional().describe("Headers: `mask` their values, or `hide` them."),
      query: masking.optional().describe("Query parameters: `mask` their values, or `hide` them."),
    })
    .optional()
    .describe("What is made unreadable before it is sent."),
};

const loggedSide = z.strictObject({
  request: z.strictObject(loggedMessage).optional().describe("What of the request is sent."),
  response: z.strictObject(loggedMessage).optional().describe("What of the answer is sent."),
});

const routing = {
  backend: z.string().optional().describe("Id of a backend or a pool."),
  retry: retry
    .optional()
    .describe("Try again on the same backend or pool. `true` works out how often from a pool's members."),
  fallback: fallback.optional().describe("Backends or pools that this very request goes to next, in order."),
  timeout: duration.optional().describe("How long to wait for the backend's answer."),
};

export const route = z.strictObject({
  ...routing,
  backend: z.string().describe("Id of a backend or a pool."),
});

const models = z.record(modelPattern, z.union([z.literal("deny"), route]));

export const operation = z
  .strictObject({
    ...routing,
    models: models
      .optional()
      .describe(
        "In place of the above, by the model that is called: the deployment in the path, or the body's `model`. Names, patterns such as `gpt-4o-*`, and `otherwise`.",
      ),
    streaming: z
      .boolean()
      .optional()
      .describe(
        "Pass answers on as they come, as server-sent events need it: `buffer-response` is off. `false` when left out.",
      ),
    unknownModel: denyAnswer
      .optional()
      .describe("The answer to models that are denied; 404 `DeploymentNotFound` when left out."),
    policies: operationPolicies
      .optional()
      .describe("Hand-written policy XML for a section, checked like everything else."),
  })
  .describe("An operation of the API that is open.");

/** The service splits longer messages into several entries of this size (Azure-Samples/AI-Gateway, inference-api.bicep). */
const messageBytes = z.int().min(1).max(262_144);

export const diagnostic = z.strictObject({
  logger: z.string().describe("Id of a logger of this spec."),
  sampling: z.number().min(0).max(100).optional().describe("Percentage of requests; 100 when left out."),
  verbosity: z.enum(["error", "information", "verbose"]).optional().describe("Level of the traces sent."),
  logClientIp: z.boolean().optional().describe("Send the caller's IP address."),
  alwaysLogErrors: z.boolean().optional().describe("Send every error whatever the sampling."),
  correlationProtocol: z.enum(["None", "Legacy", "W3C"]).optional().describe("How traces are correlated."),
  metrics: z
    .boolean()
    .optional()
    .describe("Send custom metrics, which policies such as `llm-emit-token-metric` need."),
  operationName: z
    .enum(["Name", "Url"])
    .optional()
    .describe("What requests are called in Application Insights."),
  llm: z
    .union([
      z.boolean(),
      z.strictObject({
        requestBytes: messageBytes.optional().describe("Log prompts, up to so many bytes each."),
        responseBytes: messageBytes.optional().describe("Log the model's answers, up to so many bytes each."),
      }),
    ])
    .optional()
    .describe("Log calls of language models: the tokens of each, streamed or not, and on request the texts."),
  ...loggedMessage,
  frontend: loggedSide
    .optional()
    .describe("What of the client's request and of the answer to it is sent, over the three keys above."),
  backend: loggedSide
    .optional()
    .describe("What of the request to the backend and of its answer is sent, over the three keys above."),
});

export const diagnostics = z.strictObject({
  applicationInsights: diagnostic.optional().describe("What goes to an Application Insights logger."),
  azureMonitor: diagnostic.optional().describe("What goes to an Azure Monitor logger."),
});

const subscriptionKey = z.union([
  z.literal(false),
  z.strictObject({
    header: headerName("api-key").optional().describe("Name of the header, such as `api-key`."),
    query: z
      .string()
      .regex(/^[^\s&=#?+%]+$/, "the name of a query parameter, such as `api-key`")
      .optional()
      .describe("Name of the query parameter."),
  }),
]);

const version = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "an api-version, such as 2024-10-21")
  .optional();

const apiVersion = z
  .strictObject({
    pin: version.describe("Sent to backends, whatever the caller sends."),
    default: version.describe("Sent to backends when the caller sends none."),
  })
  .refine(
    ({ pin, default: standard }) => (pin === undefined) !== (standard === undefined),
    "give either `pin` or `default`",
  )
  .describe("The query parameter `api-version` of calls to backends.");

const apiVersionInSet = z
  .strictObject({
    set: z.string().describe("Id of a version set of this spec."),
    name: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[A-Za-z0-9._-]+$/, "letters, digits, - . _")
      .optional()
      .describe(
        "How callers name this version, such as `v2`; the one that callers get without naming any when left out.",
      ),
  })
  .describe("Which version of an API this is.");

// The map first: of a wrong one, its own keys are said.
const revision = z.union([
  z.strictObject({
    release: z
      .enum(["apply", "manual"])
      .optional()
      .describe("`apply`: at the end of the apply, as when left out; `manual`: by `apimgw release API`."),
    keep: z
      .int()
      .min(1)
      .optional()
      .describe(
        "How many released revisions stay beside the current one: older ones that this spec made are deleted. All when left out.",
      ),
  }),
  z.literal("new"),
]);

const path = z
  .string()
  .max(400)
  .regex(/^(?!\/)(?!.*\/$)[^?#\s]*$/, "a URL suffix without a slash at either end, such as `openai`");

export const api = z
  .strictObject({
    displayName: displayName.describe("Name that people see."),
    description: z.string().max(900).optional().describe("What it is for."),
    path: path.optional().describe("Public URL suffix, such as `openai`; needed with `openapi`."),
    version: apiVersionInSet.optional(),
    revision: revision
      .optional()
      .describe(
        "`new`: what changes is written into a new revision, which is released when everything else is done.",
      ),
    openapi: z
      .string()
      .min(1)
      .optional()
      .describe(
        "OpenAPI document to import: a file, relative to this one, or a name such as `azure-openai@2024-10-21`. Without it the API must exist on the service.",
      ),
    serviceUrl: httpUrl
      .optional()
      .describe("Where operations without a backend go; the OpenAPI document's server when left out."),
    subscriptionKey: subscriptionKey
      .optional()
      .describe(
        "Names of the header and the query parameter that carry the subscription key; `false`: no key needed.",
      ),
    managedIdentity: z
      .union([z.literal(false), z.string().min(1)])
      .optional()
      .describe("Resource for `authentication-managed-identity`; `false`: none."),
    apiVersion: apiVersion.optional(),
    streaming: z
      .boolean()
      .optional()
      .describe(
        "`streaming` of its chat, completions and responses operations, told by their URL templates, unless they say otherwise.",
      ),
    unlisted: z
      .enum(["deny", "allow", "remove"])
      .optional()
      .describe("What happens to operations that are not listed; `deny` when left out."),
    deny: denyAnswer
      .optional()
      .describe("The answer to denied operations; 400 `OperationNotSupported` when left out."),
    inheritance: z
      .enum(["replace", "keep"])
      .optional()
      .describe(
        "Whether global and product policies run for this API's operations (`keep`) or not (`replace`).",
      ),
    diagnostics: diagnostics.optional().describe("What is sent to loggers."),
    protected: protection,
    policies: z
      .union([z.literal(false), apiPolicies])
      .optional()
      .describe(
        "Hand-written policy XML for the API's own document; `false`: the spec leaves that document alone, or there is none.",
      ),
    operations: z
      .record(operationId, operation)
      .optional()
      .describe("By operation id, as in the OpenAPI document."),
  })
  .describe("An API: its OpenAPI document, and which of its operations go where.");
