/** The format of gateway test files: cases of requests, what the backends answer, and what is expected. */
import { z } from "zod";
import { seconds } from "../spec/schema-values.ts";

const text = z.string();
const textsByName = z.record(text, text);
const anyBody = z.union([text, z.record(text, z.unknown()), z.array(z.unknown())]);

const request = z
  .strictObject({
    api: text.optional().describe("Id of the API; needed when there are several."),
    operation: text.optional().describe("Id of the operation; needed when several are listed."),
    deployment: text.optional().describe("Name of the deployment; `gpt-4o` when left out."),
    stream: z.boolean().optional().describe("Asks for an answer in server-sent events."),
    parameters: textsByName.optional().describe("Values of other parameters of the URL template."),
    method: text.optional().describe("With `path`: the method; `POST` when left out."),
    path: text
      .regex(/^\/[^?#]*$/, "a path that begins with / and has no query; that goes to `query`")
      .optional()
      .describe("The whole path, in place of `api` and `operation`."),
    query: textsByName.optional().describe("Query parameters, beside those that the operation has."),
    headers: textsByName.optional().describe("Headers, beside the subscription key and Content-Type."),
    body: anyBody.optional().describe("Text, or what becomes JSON; a usual call when left out."),
    subscriptionKey: z
      .union([z.literal(false), text])
      .optional()
      .describe("`false`: none. A text: this one. Left out: the key of a subscription made for the test."),
    product: text.optional().describe("Whose subscription calls: the product's id."),
    subscription: text.optional().describe("Or the subscription: its id in the spec."),
    ipAddress: text.optional().describe("Where the call comes from; 203.0.113.7 when left out."),
  })
  .refine(
    ({ path, api, operation, parameters, deployment }) =>
      path === undefined || [api, operation, parameters, deployment].every((value) => value === undefined),
    "give either `path`, or `api`, `operation`, `deployment` and `parameters`",
  )
  .refine(
    ({ stream, body, path }) => stream === undefined || (body === undefined && path === undefined),
    "`stream` is for the usual call: with a `path` or a `body`, write it into the body",
  )
  .refine(
    ({ path, method }) => method === undefined || path !== undefined,
    "`method` goes with `path`: an operation has its own",
  )
  .describe("The request of a caller.");

const answer = z
  .strictObject({
    status: z.int().min(100).max(599).optional().describe("Status; 200 when left out."),
    headers: textsByName.optional().describe("Headers, beside Content-Type and `x-ms-region`."),
    body: anyBody.optional().describe("Text, or what becomes JSON; as an account answers when left out."),
    delay: seconds
      .optional()
      .describe("How long it takes; to the first event of a stream; no time when left out."),
    tokensPerSecond: z
      .number()
      .positive()
      .optional()
      .describe("How fast the tokens of a stream come; all at once when left out."),
    error: z.enum(["timeout", "connection"]).optional().describe("Or no answer at all."),
    afterTokens: z
      .int()
      .min(0)
      .optional()
      .describe("With `error: connection`: the stream breaks off after so many tokens."),
  })
  .refine(
    ({ error, status, headers, body, afterTokens }) =>
      error === undefined ||
      afterTokens !== undefined ||
      [status, headers, body].every((value) => value === undefined),
    "an `error` is no answer: it has neither `status` nor `headers` nor `body`",
  )
  .refine(
    ({ error, afterTokens }) => afterTokens === undefined || error === "connection",
    "`afterTokens` goes with `error: connection`",
  );

const backends = z
  .record(text, z.union([answer, z.array(answer).min(1)]))
  .describe("What backends answer, by their id, or by the beginning of a URL. The last answer repeats.");

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

const textCheck = z
  .union([
    text,
    z.null(),
    z.strictObject({
      contains: text.optional(),
      matches: text.refine(isRegularExpression, "a regular expression of JavaScript").optional(),
    }),
  ])
  .describe(
    "The whole text, a part of it (`contains`), a regular expression (`matches`), or null: not there.",
  );

const checksByName = z.record(text, textCheck);

const sentCheck = z
  .strictObject({
    backend: text.optional().describe("Id of the backend."),
    method: text.optional(),
    url: textCheck.optional().describe("The whole address."),
    path: textCheck.optional(),
    query: checksByName.optional().describe("Query parameters by name; others may be there."),
    headers: checksByName.optional().describe("Headers by name; others may be there."),
    body: anyBody.optional().describe("The whole text, or JSON of which this is a part."),
  })
  .describe("A call that left the gateway.");

const expectation = z
  .strictObject({
    status: z.int().min(100).max(599).optional().describe("Of the answer to the caller."),
    headers: checksByName.optional().describe("Headers of the answer by name; others may be there."),
    body: anyBody.optional().describe("The whole text, or JSON of which this is a part."),
    bodyContains: text.optional().describe("A part of the text of the body."),
    backends: z
      .array(text)
      .optional()
      .describe("Which backend got each attempt, in order; an empty list: the gateway answers by itself."),
    sent: z
      .union([sentCheck, z.array(sentCheck)])
      .optional()
      .describe("Calls that left the gateway, in order; one alone is the last."),
    elapsed: z
      .union([seconds, z.strictObject({ min: seconds.optional(), max: seconds.optional() })])
      .optional()
      .describe("Virtual time from the request to the end of its answer."),
    firstByte: z
      .union([seconds, z.strictObject({ min: seconds.optional(), max: seconds.optional() })])
      .optional()
      .describe("Virtual time from the request to the first part of its answer's body."),
    isCut: z.boolean().optional().describe("Whether the answer is a stream that breaks off."),
    trace: z
      .array(text)
      .min(1)
      .optional()
      .describe("Parts of lines that the trace must have, such as `variable = value`."),
    error: z
      .union([text, z.null()])
      .optional()
      .describe("Part of the message of `context.LastError`; null: there is none."),
  })
  .refine((checks) => Object.keys(checks).length > 0, "at least one of its keys")
  .describe("What is expected of a request.");

const step = z.strictObject({
  after: seconds.optional().describe("Virtual time that passes first."),
  times: z.int().min(1).max(10_000).optional().describe("How often it is sent; once when left out."),
  request: request.optional().describe("Over the case's request, key by key."),
  expect: expectation.optional().describe("Of each of them."),
});

const testCase = z
  .strictObject({
    name: text.min(1).describe("What is tested, for people."),
    request: request.optional().describe("Over the file's request, key by key."),
    backends: backends.optional(),
    expect: expectation.optional(),
    steps: z.array(step).min(1).optional().describe("Several requests, one after the other."),
  })
  .refine(
    ({ expect, steps }) => (expect === undefined) !== (steps === undefined),
    "give either `expect`, or `steps` that have it",
  );

export const testFileSchema = z
  .strictObject({
    request: request.optional().describe("What the requests of all cases have in common."),
    backends: backends.optional(),
    cases: z.array(testCase).min(1).describe("Each on a gateway of its own, at noon on 2025-01-01."),
  })
  .meta({ title: "apimgw gateway test", description: "Cases for `apimgw test`." });

export type RequestSpec = z.infer<typeof request>;
export type AnswerSpec = z.infer<typeof answer>;
export type AnswersSpec = z.infer<typeof backends>;
export type TextCheck = z.infer<typeof textCheck>;
export type SentCheck = z.infer<typeof sentCheck>;
export type Expectation = z.infer<typeof expectation>;
export type BodySpec = z.infer<typeof anyBody>;
export type TestFileSpec = z.infer<typeof testFileSchema>;
