/** The file of faults: what the local APIM is to do wrong, as people write it. What the keys mean: docs/local-apim.md. */
import { z } from "zod";
import { compareProblems } from "../../core/problem.ts";
import type { Problem } from "../../core/problem.ts";
import { parseDuration } from "../../core/spec/duration.ts";
import { toProblem } from "../../core/spec/finding.ts";
import type { Finding } from "../../core/spec/finding.ts";
import { readYaml } from "../../core/spec/read-yaml.ts";
import { duration } from "../../core/spec/schema-values.ts";
import { indexLines } from "../../core/spec/text-position.ts";
import { validateTree } from "../../core/spec/validate.ts";
import { effectNames, effectsOf, usualAnswers } from "./fault-effects.ts";
import type { Fault } from "./faults.ts";

const methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"] as const;
const count = z.int().min(1);

const match = z.strictObject({
  method: z.union([z.enum(methods), z.array(z.enum(methods)).min(1)]).optional(),
  path: z.string().optional(),
  poll: z.boolean().optional(),
  nth: z.union([count, z.array(count).min(1)]).optional(),
  every: count.optional(),
  probability: z.number().min(0).max(1).optional(),
  times: count.optional(),
});

const answer = {
  code: z.string().min(1).optional(),
  message: z.string().min(1).optional(),
  headers: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
};
const status = z.int().min(400).max(599);

const rule = z
  .strictObject({
    match: match.optional(),
    status: status.optional(),
    ...answer,
    drop: z.enum(["before", "after"]).optional(),
    delay: z
      .union([duration, z.strictObject({ before: duration.optional(), after: duration.optional() })])
      .optional(),
    race: z.enum(["edit", "touch"]).optional(),
    late: z.union([z.strictObject({ reads: count }), z.strictObject({ for: duration })]).optional(),
    failImport: z.strictObject({ status: status.optional(), ...answer }).optional(),
  })
  .superRefine((given, context) => {
    const effects = effectNames.filter((name) => given[name] !== undefined);
    if (effects.length !== 1) {
      const named = effectNames.map((name) => `\`${name}\``).join(", ");
      context.addIssue({ code: "custom", message: `a rule has exactly one effect of ${named}` });
    }
    const stray = (["code", "message", "headers"] as const).filter((name) => given[name] !== undefined);
    if (stray.length > 0 && given.status === undefined && effects.length === 1) {
      context.addIssue({ code: "custom", message: `\`${stray[0] ?? ""}\` belongs to \`status\`` });
    }
    const needsCode = isRefusal(given.status) && usualAnswers[given.status] === undefined;
    if (needsCode && given.code === undefined) {
      context.addIssue({ code: "custom", message: `status ${given.status} needs a \`code\`` });
    }
  });

function isRefusal(given: number | undefined): given is number {
  return given !== undefined && given >= 400;
}

const bucket = z.strictObject({ burst: count, perSecond: z.number().min(0) });

const faultFileSchema = z.strictObject({
  seed: z.int().optional(),
  latency: z.union([duration, z.strictObject({ min: duration, max: duration })]).optional(),
  rateLimit: z
    .strictObject({ reads: bucket.optional(), writes: bucket.optional(), deletes: bucket.optional() })
    .optional(),
  rules: z.array(rule).optional(),
});

type FaultFile = z.infer<typeof faultFileSchema>;

/** Which requests a rule is about, and which of those it takes. Everything that is given must hold. */
export type FaultMatch = {
  readonly methods: readonly string[] | undefined;
  /** Below the service; `*` is one segment or a part of one, `**` any number of them. */
  readonly path: string | undefined;
  /** Whether the request polls work that goes on. */
  readonly poll: boolean | undefined;
  readonly nth: readonly number[] | undefined;
  readonly every: number | undefined;
  readonly probability: number | undefined;
  readonly times: number | undefined;
};

export type FaultRule = { readonly match: FaultMatch; readonly faults: readonly Fault[] };

/** Of one kind of requests: how many at once, and how many come to that in a second. */
export type Bucket = { readonly burst: number; readonly perSecond: number };

/** A file of faults, read and sound. */
export type FaultSettings = {
  readonly seed: number;
  /** Milliseconds that every answer takes at least and at most. */
  readonly latency: { readonly min: number; readonly max: number };
  readonly rateLimit: {
    readonly reads?: Bucket | undefined;
    readonly writes?: Bucket | undefined;
    readonly deletes?: Bucket | undefined;
  };
  readonly rules: readonly FaultRule[];
};

/** Reads the text of a file of faults. `settings` are there exactly when there is no problem; problems are sorted by place. */
export function parseFaultFile(
  text: string,
  file: string,
): { readonly settings?: FaultSettings; readonly problems: readonly Problem[] } {
  const { root, findings } = readYaml(text, "`rules` and `latency`");
  const found: Finding[] = findings.filter(({ rule: id }) => id !== "empty-spec");
  const given =
    root === undefined ? {} : validateTree(root, faultFileSchema, (finding) => found.push(finding));
  if (given !== undefined && found.length === 0) return { settings: settingsOf(given), problems: [] };
  const lines = indexLines(text);
  return { problems: found.map((finding) => toProblem(finding, file, lines)).sort(compareProblems) };
}

function settingsOf({ seed = 1, latency = "0s", rateLimit = {}, rules = [] }: FaultFile): FaultSettings {
  const { min, max } = typeof latency === "string" ? { min: latency, max: latency } : latency;
  return {
    seed,
    latency: { min: parseDuration(min), max: parseDuration(max) },
    rateLimit,
    rules: rules.map((given) => ({ match: matchOf(given.match ?? {}), faults: effectsOf(given) })),
  };
}

function matchOf({ method, path, poll, nth, every, probability, times }: z.infer<typeof match>): FaultMatch {
  return {
    methods: method === undefined || Array.isArray(method) ? method : [method],
    path,
    poll,
    nth: typeof nth === "number" ? [nth] : nth,
    every,
    probability,
    times,
  };
}
