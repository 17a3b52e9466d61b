/** The form of policies.json. */
import { z } from "zod";

const attribute = z.object({
  name: z.string(),
  required: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  type: z.string(),
  enum: z.array(z.string()).nullish(),
  min: z.number().nullish(),
  max: z.number().nullish(),
  expressions: z.boolean().nullish(),
  documented: z.boolean().optional(),
});

const text = z.object({ required: z.boolean().optional(), expressions: z.boolean().nullish() });

const occurrence = { min: z.number().nullish(), max: z.number().nullish() };

const anyPolicy = z.object({
  ...occurrence,
  anyPolicy: z.literal(true),
  except: z.array(z.string()).optional(),
});
const anyXml = z.object({ ...occurrence, anyXml: z.literal(true) });
const named = z.object({
  ...occurrence,
  name: z.string(),
  order: z.number().nullish(),
  policy: z.string().optional(),
  attributes: z.array(attribute).default([]),
  get children() {
    return z.array(child).default([]);
  },
  text: text.nullish(),
  documented: z.boolean().optional(),
});
const child: z.ZodType<AnyPolicyFact | AnyXmlFact | ChildFact> = z.union([
  anyPolicy,
  anyXml,
  z.lazy(() => named),
]);

export type AttributeFact = z.infer<typeof attribute>;
export type TextFact = z.infer<typeof text>;
export type AnyPolicyFact = z.infer<typeof anyPolicy>;
export type AnyXmlFact = z.infer<typeof anyXml>;
type Occurrence = { readonly min?: number | null | undefined; readonly max?: number | null | undefined };
export type ChildFact = Occurrence & {
  readonly name: string;
  readonly order?: number | null | undefined;
  readonly policy?: string | undefined;
  readonly attributes: readonly AttributeFact[];
  readonly children: readonly (AnyPolicyFact | AnyXmlFact | ChildFact)[];
  readonly text?: TextFact | null | undefined;
  readonly documented?: boolean | undefined;
};

const policy = z.object({
  name: z.string(),
  category: z.string(),
  status: z.string().nullable(),
  sections: z.array(z.string()),
  observedSections: z.array(z.string()).default([]),
  scopes: z.array(z.string()),
  gateways: z.array(z.string()),
  maxPerSection: z.number().nullish(),
  attributes: z.array(attribute),
  text: text.nullish(),
  children: z.array(child),
  source: z.string(),
  sourceDate: z.string().nullish(),
  documented: z.boolean().optional(),
  uncertain: z.array(z.string()).default([]),
});

export type PolicyFact = z.infer<typeof policy>;

export const factsSchema = z.object({ $comment: z.string(), policies: z.array(policy) });
