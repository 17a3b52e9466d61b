/** The shape of an exported module as JSON. */
import { z } from "zod";
import { exportTargets } from "../core/export/targets.ts";

/** What `apimgw export --format json` prints, without `formatVersion`. */
export const exportOutput = z.looseObject({
  to: z.enum(exportTargets).describe("Language of the module."),
  directory: z.string().nullable().describe("Where the files were written; null without `--output`."),
  files: z
    .array(
      z.looseObject({
        path: z.string().describe("Relative to the directory, with `/`."),
        text: z.string(),
      }),
    )
    .describe("By path."),
  secrets: z
    .array(
      z.looseObject({
        name: z.string().describe("Of the parameter or variable, which has no default."),
        description: z.string(),
      }),
    )
    .describe("What whoever deploys the module must give."),
});
