/** The shape of a list of subscriptions as JSON. */
import { z } from "zod";

/** What `apimgw keys --format json` prints, without `formatVersion` and `service`. */
export const keysOutput = {
  subscriptions: z.array(
    z.looseObject({
      id: z.string(),
      product: z.string().describe("Id of its product."),
      displayName: z.string().describe("As the spec says it."),
      state: z
        .string()
        .nullable()
        .describe("As it is on the service: `active`, `suspended`, …; null when it is not there."),
      primaryKey: z.string().optional().describe("With `--show` only."),
      secondaryKey: z.string().optional().describe("With `--show` only."),
    }),
  ),
};
