/** The shape of a probe as JSON. */
import { z } from "zod";

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const percentiles = { p50: milliseconds, p90: milliseconds, p99: milliseconds };
const region = z.string().nullable().describe("The answer's `x-ms-region`.");

/** What `apimgw probe --format json` prints, without `formatVersion`. */
export const probeOutput = z.looseObject({
  calls: z
    .array(
      z.looseObject({
        number: z.int().min(1),
        t: z.number().min(0).describe("When it began, in seconds from the start."),
        milliseconds,
        status: z.int().nullable().describe("Null when no answer came."),
        region,
        retryAfter: z.string().nullable().describe("The answer's Retry-After, as it came."),
        failure: z.string().nullable().describe("Why no answer came."),
      }),
    )
    .describe("In the order in which they began."),
  summary: z.looseObject({
    calls: count,
    answered: count.describe("With whatever status."),
    seconds: z.number().min(0),
    ...percentiles,
    groups: z.array(
      z.looseObject({
        status: z.int().nullable(),
        region,
        failure: z.string().nullable(),
        calls: count,
        ...percentiles,
      }),
    ),
    retryAfter: z.looseObject({ answers: count, min: count.nullable(), max: count.nullable() }),
  }),
});
