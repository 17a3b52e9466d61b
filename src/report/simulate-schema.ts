/** What `simulate --format json` prints, for json-schemas.ts. */
import { z } from "zod";

const count = z.int().min(0);
const seconds = z.number().min(0);
const backend = z.string().nullable();

const attempt = z.looseObject({
  backend: backend.describe("Null for a plain URL."),
  status: z.int().nullable().describe("Null when no answer came."),
  t: seconds,
  seconds,
  failure: z.string().optional().describe("Why no answer came."),
  why: z.string().optional().describe("Why this backend."),
  trip: z.string().optional().describe("What the answer did to its breaker."),
});

const request = z.looseObject({
  t: seconds.describe("When it began, in seconds from the start, as all times."),
  client: z.int().min(1),
  backend: backend.describe("Whose answer it was; null for the gateway's own."),
  region: z.string().nullable().describe("The answer's `x-ms-region`."),
  status: z.int(),
  attempts: z.array(attempt).describe("The calls that were sent, in order."),
  seconds: seconds.describe("To the end of the answer."),
  firstByte: seconds.optional().describe("Until the first part of a stream reached the client."),
  isCut: z.literal(true).optional().describe("The answer was a stream that broke off."),
  instance: z.int().min(1).describe("The gateway instance."),
  retryAfter: z.string().optional().describe("The answer's Retry-After."),
  error: z.string().optional().describe("`context.LastError.Message`, after an error."),
});

const trace = z.looseObject({
  t: seconds,
  policy: z.string().nullable(),
  scope: z.string().nullable(),
  section: z.string().nullable(),
  path: z.string().nullable().describe("As `context.LastError.Path` has it."),
  text: z.string().describe("What it did; empty where a policy starts."),
});

const run = z.looseObject({
  requests: count,
  byBackend: z.record(z.string(), count).describe("Requests by the backend that answered."),
  byStatus: z.record(z.string(), count),
  seconds,
  backends: z.array(
    z.looseObject({
      id: z.string(),
      region: z.string(),
      answered: count,
      calls: count.describe("First tries and retries."),
      throttled: count.describe("Calls that it answered with 429."),
      failed: count.describe(
        "Calls that it answered with another error, not at all, or with a stream that broke off.",
      ),
      p50: seconds.nullable(),
      p95: seconds.nullable(),
      trips: count,
      openSeconds: seconds,
      streams: z
        .looseObject({
          count,
          cut: count.describe("Those that broke off."),
          firstByteP50: seconds.nullable().describe("From the call to the first part that was passed on."),
          firstByteP95: seconds.nullable(),
        })
        .optional()
        .describe("Of the streams that requests were answered with; absent without any."),
    }),
  ),
  callers: z
    .array(
      z.looseObject({
        subscription: z.string().describe("Its id."),
        product: z.string().nullable(),
        requests: count,
        answered: count.describe("Those that ended below 400."),
        refused: count.describe("Those that ended in an error without a call to a backend."),
        failed: count.describe("Those that ended in an error after calls to backends."),
        p50: seconds.nullable(),
        p95: seconds.nullable(),
      }),
    )
    .describe("By subscription, in the order of their first calls."),
  trips: z
    .array(z.looseObject({ backend: z.string(), t: seconds, until: seconds, why: z.string() }))
    .describe("When breakers opened; the first 10,000."),
  refusals: z.record(z.string(), count).describe("What could not be run, and how many requests it stopped."),
  timeline: z.array(request).describe("In the order in which requests began."),
  explain: request
    .extend({ trace: z.array(trace) })
    .optional()
    .describe("With --explain."),
});

/** The whole document, but for its version. */
export const simulateOutput = run.extend({
  compare: run.extend({ file: z.string() }).optional().describe("With --compare: the other gateway."),
});
