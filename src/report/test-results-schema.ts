/** The shape of test results as JSON. */
import { z } from "zod";

const count = z.int().min(0);
const place = {
  file: z.string(),
  line: z.int().min(1).describe("From 1, as columns."),
  column: z.int().min(1),
};

/** What `apimgw test --format json` prints, without `formatVersion`. */
export const testResultsOutput = z.looseObject({
  cases: z.array(
    z.looseObject({
      name: z.string(),
      ...place,
      passed: z.boolean(),
      requests: z
        .array(
          z.looseObject({
            step: z.int().min(1),
            t: z.number().min(0).describe("Virtual seconds from the start of the case."),
            seconds: z.number().min(0).describe("Virtual time to the end of the answer."),
            firstByte: z.number().min(0).optional().describe("The same to the first part of a stream."),
            isCut: z.literal(true).optional().describe("The answer was a stream that broke off."),
            status: z.int(),
            backends: z.array(z.string().nullable()).describe("Of each attempt; null for a plain URL."),
          }),
        )
        .describe("Up to the first that is not as expected."),
      failures: z
        .array(z.looseObject({ what: z.string(), expected: z.string(), actual: z.string(), ...place }))
        .describe("Of the last of the requests; empty for a case that passed."),
      trace: z
        .array(
          z.looseObject({
            t: z.number().min(0),
            policy: z.string().nullable(),
            scope: z.string().nullable(),
            section: z.string().nullable(),
            path: z.string().nullable().describe("`choose[1]/when[2]/set-header[1]`."),
            text: z.string(),
          }),
        )
        .describe("Of the request that failed; empty for a case that passed."),
    }),
  ),
  summary: z.looseObject({ files: count, cases: count, passed: count, failed: count, leftOut: count }),
});
