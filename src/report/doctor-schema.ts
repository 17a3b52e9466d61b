/** The shape of doctor's findings as JSON. */
import { z } from "zod";
import { checkNames, findingStatuses } from "../core/doctor/finding.ts";

const count = z.int().min(0);

/** What `apimgw doctor --format json` prints, without `formatVersion` and the service. */
export const doctorOutput = {
  findings: z
    .array(
      z.looseObject({
        check: z.enum(checkNames).describe("What was checked."),
        subject: z.string().describe("What it was checked of: the service, an account, a named value."),
        status: z.enum(findingStatuses).describe("`unknown`: it could not be checked."),
        message: z.string(),
        remedy: z.string().nullable().describe("The command or setting that puts it right."),
        file: z.string().nullable().describe("The place in the spec that it is about."),
        line: z.int().min(1).nullable(),
        column: z.int().min(1).nullable(),
      }),
    )
    .describe("In the order of the checks."),
  summary: z.looseObject({ ok: count, warning: count, error: count, unknown: count }),
};
