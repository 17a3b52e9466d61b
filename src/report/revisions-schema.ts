/** The shapes of revisions, and of releasing one, as JSON. */
import { z } from "zod";

const number = z.int().min(1).describe("The N of `;rev=N`.");

/** What `apimgw revisions --format json` prints, without `formatVersion`. */
export const revisionsOutput = {
  api: z.string().describe("Id of the API, as it is on the service."),
  revisions: z
    .array(
      z.looseObject({
        number,
        isCurrent: z.boolean().describe("Whether calls get it."),
        description: z.string().describe("What people said of it; empty when nothing."),
        madeBy: z.string().nullable().describe("The spec that made it; null when something else did."),
        released: z
          .looseObject({
            at: z.string().describe("As the service says it: ISO 8601."),
            notes: z.string().describe("Empty when there are none."),
          })
          .nullable()
          .describe("The last time that it was released; null when it never was."),
      }),
    )
    .describe("Newest first."),
};

/** What `apimgw release` and `apimgw rollback` print with `--format json`, without `formatVersion`. */
export const releaseOutput = {
  api: revisionsOutput.api,
  revision: number.describe("The revision that calls get now."),
  before: number.describe("The revision that calls got before."),
  release: z.string().describe("Id of the release on the service."),
};
