/** Plans on disk: written by `plan --out`, carried out by `apply FILE` exactly as they were shown. */
import { z } from "zod";
import { Failure } from "../core/failure.ts";
import { isJsonObject } from "../core/json.ts";
import type { JsonObject } from "../core/json.ts";
import { kindNames } from "../core/model/resource.ts";
import { planBasis } from "../core/plan/basis.ts";
import type { SavedBasis } from "../core/plan/basis.ts";
import type { CompareOptions, PlannedSteps } from "../core/plan/compare.ts";
import type { Files } from "../core/ports.ts";
import type { ServiceOverrides } from "./load-gateway.ts";

/** Where a plan came from: the spec is compiled again at apply, so that secrets never enter the file. */
export type PlanOrigin = {
  readonly apimgwVersion: string;
  readonly file: string;
  readonly environment: string | null;
  /** What plan was asked for beside the spec. */
  readonly options: CompareOptions;
  /** Where the service was reached: an ARM endpoint, a cloud, or the folder of a local APIM. */
  readonly target: string;
  /** The service as it was named on the command line. */
  readonly overrides: ServiceOverrides;
};

export type SavedPlan = SavedBasis & { readonly origin: PlanOrigin };

const state = z.custom<JsonObject>(isJsonObject).nullable();
const kind = z.enum(kindNames);
const selector = z.object({ text: z.string(), kind: z.union([kind, z.literal("*")]), id: z.string() });

const savedPlan = z.object({
  formatVersion: z.literal(1),
  digest: z.string(),
  changes: z.array(
    z.object({
      action: z.enum(["create", "update", "adopt", "delete"]),
      path: z.string(),
      before: state,
      after: state,
    }),
  ),
  basis: z.object({
    spec: z.record(z.string(), z.string()),
    read: z.record(z.string(), z.object({ kind, content: z.string(), etag: z.string().nullable() })),
  }),
  origin: z.object({
    apimgwVersion: z.string(),
    file: z.string(),
    environment: z.string().nullable(),
    options: z.object({
      rewritesSecrets: z.boolean(),
      adoptsUnchanged: z.boolean(),
      selection: z.object({
        targets: z.array(selector),
        excludes: z.array(selector),
        deletes: z.boolean(),
      }),
    }),
    target: z.string(),
    overrides: z.object({
      subscriptionId: z.string().exactOptional(),
      resourceGroup: z.string().exactOptional(),
      service: z.string().exactOptional(),
      workspace: z.string().exactOptional(),
    }),
  }),
});

/** A plan to be saved, and where it came from. */
export type PlanToSave = { readonly planned: PlannedSteps; readonly origin: PlanOrigin };

/**
 * Writes plans: of one the JSON with what it was made from and where it came from, of several environments a list of these under
 * `plans`. Throws Failure `FILE.UNWRITABLE`.
 */
export async function savePlans(files: Files, path: string, plans: readonly PlanToSave[]): Promise<void> {
  const saved = plans.map(({ planned, origin }) => ({
    ...planned.plan,
    basis: planBasis(planned),
    origin,
  }));
  const value = saved.length === 1 ? saved[0] : { formatVersion: 1, plans: saved };
  await files.write(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** The plans in a file, at least one. Throws Failure `FILE.*`, `PLAN.UNREADABLE` or `PLAN.OTHER_VERSION`. */
export async function readSavedPlans(
  files: Files,
  path: string,
  version: string,
): Promise<readonly SavedPlan[]> {
  const value = parseJson(await files.read(path));
  const plans: readonly unknown[] =
    isJsonObject(value) && Array.isArray(value.plans) && value.formatVersion === 1 ? value.plans : [value];
  const read = plans.map((plan) => readOne(plan, path, version));
  if (read.length > 0) return read;
  throw new Failure("PLAN.UNREADABLE", `${path} holds no plan`, {
    remedy: "Plan again: apimgw plan --out FILE",
  });
}

function readOne(value: unknown, path: string, version: string): SavedPlan {
  const made = isJsonObject(value) && isJsonObject(value.origin) ? value.origin.apimgwVersion : undefined;
  if (typeof made === "string" && made !== version) {
    throw new Failure("PLAN.OTHER_VERSION", `${path} was saved by apimgw ${made}, and this is ${version}`, {
      why: "another version may compile the same spec to something else; nothing was written",
      remedy: "Plan again with this version: apimgw plan --out FILE",
    });
  }
  const parsed = savedPlan.safeParse(value);
  if (parsed.success) {
    const { digest, changes, basis, origin } = parsed.data;
    return { digest, changes, origin, ...basis };
  }
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` (at ${issue.path.join(".")})`;
  throw new Failure("PLAN.UNREADABLE", `${path} is not a plan saved by apimgw${where}`, {
    remedy: "Plan again: apimgw plan --out FILE",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Throws Failure `PLAN.OTHER_TARGET` unless the saved plan was made against the same place: a plan that was tried on a local
 * APIM must not reach a real service because a flag was forgotten.
 */
export function requireSameTarget({ origin }: SavedPlan, target: string): void {
  if (origin.target === target) return;
  throw new Failure("PLAN.OTHER_TARGET", `the plan was made against ${origin.target}, not ${target}`, {
    why: "a saved plan goes where it was made, and nowhere else; nothing was written",
    remedy: "Give apply the same --local, --arm-endpoint and --cloud as plan, or plan again.",
  });
}
