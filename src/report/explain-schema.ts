/** What `explain --format json` prints, for json-schemas.ts. */
import { z } from "zod";

const rule = z.looseObject({
  id: z.string(),
  group: z.string().describe("Of rules that belong together."),
  severity: z.enum(["error", "warning", "info"]).describe("Where nothing else is said."),
  summary: z.string(),
  why: z.string().nullable(),
  examples: z.looseObject({ bad: z.string(), good: z.string() }).nullable(),
});

const attribute = z.looseObject({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  default: z.string().nullable(),
  values: z.array(z.string()).nullable().describe("All that are allowed, where they are a list."),
  min: z.number().nullable(),
  max: z.number().nullable(),
  expressions: z.boolean().nullable().describe("Whether it may be an expression; null: not known."),
});

const content = {
  attributes: z.array(attribute),
  text: z
    .looseObject({ required: z.boolean(), expressions: z.boolean().nullable() })
    .nullable()
    .describe("Null where there is no text in it."),
  takesPolicies: z
    .looseObject({ min: z.int().min(0), except: z.array(z.string()) })
    .nullable()
    .describe("Whether other policies stand in it."),
  takesAnyXml: z.boolean(),
};

const child = z.looseObject({
  name: z.string(),
  min: z.int().min(0),
  max: z.int().min(0).nullable(),
  policy: z.string().nullable().describe("A child that is a policy: what it takes is said there."),
  attributes: content.attributes.optional(),
  text: content.text.optional(),
  takesPolicies: content.takesPolicies.optional(),
  takesAnyXml: content.takesAnyXml.optional(),
  get children() {
    return z.array(child).optional();
  },
});

const policy = z.looseObject({
  name: z.string(),
  category: z.string(),
  isPreview: z.boolean(),
  sections: z.array(z.string()),
  scopes: z.array(z.string()),
  gateways: z.array(z.string()),
  oncePerSection: z.boolean(),
  ...content,
  children: z.array(child),
  local: z
    .looseObject({
      level: z.enum(["full", "partial", "recorded"]),
      notes: z.array(
        z.looseObject({ text: z.string(), evidence: z.enum(["documented", "observed", "inferred"]) }),
      ),
    })
    .nullable()
    .describe("How simulate, test and dev run it; null: they do not."),
  source: z.string().describe("Where it is documented."),
});

const list = z
  .looseObject({ rules: z.array(rule), policies: z.array(policy) })
  .describe("`apimgw explain --format json`");

/** Everything that `explain` knows, or one of it. But for `formatVersion`. */
export const explainOutputs = [
  list,
  z.looseObject({ rule }).describe("`apimgw explain RULE --format json`"),
  z.looseObject({ policy }).describe("`apimgw explain POLICY --format json`"),
] as const;
