/** The shape of a pulled gateway as JSON. */
import { z } from "zod";
import { kindNames } from "../core/model/resource.ts";

const resource = {
  kind: z.enum(kindNames).describe("Kind of resource."),
  id: z.string().describe("For people."),
  path: z.string().describe("ARM path below the service."),
};

/** What `apimgw pull --format json` prints, without `formatVersion`. */
export const pullOutput = z.looseObject({
  service: z
    .looseObject({
      subscriptionId: z.string(),
      resourceGroup: z.string(),
      name: z.string(),
      workspace: z.string().optional().describe("The workspace of it that was read, where one was named."),
    })
    .describe("The API Management service that was read."),
  name: z.string().describe("Name of the spec: the ownership mark."),
  written: z.array(z.string()).describe("Files, as paths from the working directory."),
  notes: z
    .array(z.looseObject({ ...resource, note: z.string() }))
    .describe("What was left out or is written another way, and why."),
  remaining: z
    .array(z.looseObject({ action: z.enum(["create", "update", "adopt", "delete"]), ...resource }))
    .describe("What a plan of the spec would still change; nothing, as a rule."),
});
