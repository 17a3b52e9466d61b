/** A simulate scenario: what is called, by whom, and what stands behind the backends. Also what mock accounts are made of. */
import { z } from "zod";
import type { Problem } from "../problem.ts";
import { windowNames } from "../gateway/counters.ts";
import { selectionNames } from "../gateway/turns.ts";
import { parseDocument } from "../spec/parse-document.ts";
import { seconds } from "../spec/schema-values.ts";
import type { SpecSource } from "../spec/source.ts";

const count = z.int().min(1);
const tokens = z.int().min(0);

const call = z
  .strictObject({
    api: z.string().optional().describe("Id of the API; needed when there are several."),
    operation: z.string().optional().describe("Id of the operation; needed when there are several."),
    deployment: z.string().optional().describe("Name of the deployment; `gpt-4o` when left out."),
    promptTokens: tokens.optional().describe("Tokens of the prompt; 30 when left out."),
    completionTokens: tokens.optional().describe("Tokens of the answer; 40 when left out."),
    maxTokens: count.optional().describe("`max_tokens` of the request; none when left out."),
    product: z.string().optional().describe("Whose subscription calls: the product's id."),
    subscription: z.string().optional().describe("Or the subscription: its id in the spec."),
    stream: z.boolean().optional().describe("Asks for an answer in server-sent events."),
    includeUsage: z
      .boolean()
      .optional()
      .describe("With `stream`: the last event says what was used (`stream_options.include_usage`)."),
    headers: z.record(z.string(), z.string()).optional().describe("Headers of the request."),
    parameters: z
      .record(z.string(), z.string())
      .optional()
      .describe("Values of other parameters of the URL template, and of the query."),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe("The body, in place of the one made from the tokens."),
  })
  .refine(
    ({ stream, includeUsage }) => includeUsage !== true || stream === true,
    "`includeUsage` goes with `stream: true`",
  )
  .refine(
    ({ stream, body }) => stream === undefined || body === undefined,
    "give either `stream`, or a `body` that asks for a stream",
  )
  .describe("The call that clients make.");

const client = z.strictObject({
  count: count.optional().describe("How many of these clients; 1 when left out."),
  from: seconds.optional().describe("When they begin; at once when left out."),
  until: seconds.optional().describe("When they make no more calls; with the scenario when left out."),
  pause: seconds.optional().describe("Between an answer and the next call; none when left out."),
  product: z.string().optional().describe("Whose subscription they call with; the call's when left out."),
  subscription: z.string().optional().describe("Or the subscription: its id in the spec."),
});

const latency = z.union([seconds, z.strictObject({ min: seconds, max: seconds })]);

const limits = {
  tokensPerMinute: count.optional().describe("Tokens that are let in within 60 seconds."),
  tokensPerCall: count
    .optional()
    .describe("What a call counts on arrival; prompt and `max_tokens`, or answer, when left out."),
  requestLimit: z
    .strictObject({ count, window: seconds })
    .optional()
    .describe("Calls that are let in within a time."),
};

const failure = z
  .strictObject({
    from: seconds.optional().describe("From when; the start when left out."),
    until: seconds.optional().describe("Until when; the end when left out."),
    share: z.number().min(0).max(1).optional().describe("Share of the calls; all when left out."),
    status: z.int().min(400).max(599).optional().describe("Answered with this status."),
    retryAfter: z.int().min(0).optional().describe("And this Retry-After, in whole seconds."),
    error: z.enum(["timeout", "connection"]).optional().describe("Or not answered at all."),
    afterTokens: tokens
      .optional()
      .describe("With `error: connection`: streams break off after so many tokens."),
  })
  .refine(
    ({ status, error }) => (status === undefined) !== (error === undefined),
    "give either `status` or `error`",
  )
  .refine(
    ({ error, afterTokens }) => afterTokens === undefined || error === "connection",
    "`afterTokens` goes with `error: connection`",
  );

const flaggedText = z
  .strictObject({
    text: z.string().min(1).describe("A part of the text, in any case."),
    category: z.enum(["Hate", "SelfHarm", "Sexual", "Violence"]).optional(),
    severity: z.int().min(0).max(7).optional().describe("Of the category; 4 when left out."),
    attack: z.boolean().optional().describe("Whether it is an attack on the prompt."),
    blocklist: z.string().optional().describe("The blocklist that it is on."),
  })
  .refine(
    ({ category, attack, blocklist }) => [category, attack, blocklist].some((what) => what !== undefined),
    "say what the text is: a `category`, an `attack`, or on a `blocklist`",
  );

const account = z
  .strictObject({
    region: z.string().optional().describe("Answered as `x-ms-region`; the backend's id when left out."),
    latency: latency.optional().describe("How long an answer takes; 500ms when left out."),
    firstTokenLatency: latency
      .optional()
      .describe("How long the first token of a stream takes; half of `latency` when left out."),
    tokensPerSecond: z
      .number()
      .positive()
      .optional()
      .describe("How fast tokens follow it; when left out, the answer is whole after `latency`."),
    ...limits,
    retryAfter: z
      .union([z.literal("auto"), z.literal("none"), seconds])
      .optional()
      .describe("What a 429 asks for: `auto`, until the limit frees; `none`; or a time."),
    windows: z
      .enum(windowNames)
      .optional()
      .describe(
        "Whether its limits slide, or count anew once their time has passed; `sliding` when left out.",
      ),
    rejectLatency: latency.optional().describe("How long a 429 takes; 50ms when left out."),
    deployments: z
      .union([z.array(z.string()), z.record(z.string(), z.strictObject(limits))])
      .optional()
      .describe(
        "A list: what it has, all else is answered 404 `DeploymentNotFound`. A map: limits of single deployments, each counted by itself; others have the account's.",
      ),
    failures: z.array(failure).optional().describe("When it fails by itself."),
    contentSafety: z
      .array(flaggedText)
      .optional()
      .describe("As a content safety account: which texts are not safe; all are when left out."),
  })
  .describe("A mock Azure OpenAI account.");

const pool = z.strictObject({
  selection: z.enum(selectionNames).optional().describe("How members are picked; `block` when left out."),
  instances: z.int().min(1).max(100).optional().describe("Gateway instances; 1 when left out."),
  start: z.int().min(0).optional().describe("Turns taken before the first call; 0 when left out."),
  pinMember: z
    .enum(["never", "untilSetBackend"])
    .optional()
    .describe(
      "Whether a member is kept for a request until the backend is set again; `never` when left out.",
    ),
});

const unknowns = z
  .strictObject({
    responseBeforeBackend: z
      .enum(["empty", "missing"])
      .optional()
      .describe("`context.Response` before the first answer: 200 and empty, or null; `empty` when left out."),
    responseAfterFailure: z
      .enum(["error", "missing"])
      .optional()
      .describe(
        "`context.Response` in a retry's condition after a call without an answer; `error` when left out.",
      ),
    breakerWindow: z.enum(windowNames).optional().describe("Of circuit breakers; `sliding` when left out."),
    unansweredCalls: z
      .enum(["ignored", "counted"])
      .optional()
      .describe(
        "What calls without an answer are to breakers without `errorReasons`; `ignored` when left out.",
      ),
    tokenWindow: z.enum(windowNames).optional().describe("Of token limits; `sliding` when left out."),
    semanticScore: z
      .enum(["distance", "similarity"])
      .optional()
      .describe(
        "What `score-threshold` of semantic caches bounds: a distance from above, or a similarity from below; `distance` when left out.",
      ),
  })
  .describe("What is not known of the service, to be tried the other way.");

const scenarioSchema = z
  .strictObject({
    call: call.optional(),
    clients: z
      .array(client)
      .min(1)
      .optional()
      .describe("Each: call, wait for the answer, pause, call again."),
    requests: count.optional().describe("How many calls; and/or `duration`, whichever ends first."),
    duration: seconds.optional().describe("How long calls are made."),
    accounts: z
      .record(z.string(), account)
      .optional()
      .describe("What stands behind each backend, by its id."),
    latencies: z
      .array(seconds)
      .min(1)
      .optional()
      .describe("How long the n-th call takes whoever answers it, to replay a recorded run."),
    pool: pool.optional().describe("How members of pools are picked."),
    unknowns: unknowns.optional(),
    seed: z.int().min(0).optional().describe("For everything that is random; 1 when left out."),
  })
  .meta({ title: "apimgw scenario", description: "Traffic for `apimgw simulate`." });

export type Scenario = z.infer<typeof scenarioSchema>;
export type CallSpec = z.infer<typeof call>;
export type AccountSpec = z.infer<typeof account>;
export type LimitSpec = Pick<AccountSpec, "tokensPerMinute" | "tokensPerCall" | "requestLimit">;
export type LatencySpec = z.infer<typeof latency>;
export type FailureSpec = z.infer<typeof failure>;

/** The same on that many gateway instances, where a number is given. */
export function withInstances(scenario: Scenario, instances: number | undefined): Scenario {
  return instances === undefined ? scenario : { ...scenario, pool: { ...scenario.pool, instances } };
}

/** A scenario that is sound by itself, with the places of its entries. */
export type ParsedScenario = { readonly scenario: Scenario; readonly source: SpecSource };

/** Reads the text of a scenario. `parsed` is there exactly when there is no problem; problems are sorted by place. */
export function parseScenario(
  text: string,
  file: string,
): { readonly parsed?: ParsedScenario; readonly problems: readonly Problem[] } {
  const { value, source, problems } = parseDocument(text, file, scenarioSchema, {
    name: "the scenario",
    keys: "`call`, `clients` and `accounts`",
    emptyHelp: "`requests: 20` alone is one: a client that calls twenty times",
  });
  return value === undefined ? { problems } : { parsed: { scenario: value, source }, problems };
}
