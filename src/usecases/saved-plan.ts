/** Plans on disk: written by `plan --out`, carried out by `apply FILE` exactly as they were shown. */
import { Failure } from "../core/failure.ts";
import { canonicalJson, isJsonObject } from "../core/json.ts";
import type { JsonObject } from "../core/json.ts";
import type { CompareOptions } from "../core/plan/compare.ts";
import type { Plan } from "../core/plan/plan.ts";
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

export type SavedPlan = {
  readonly origin: PlanOrigin;
  readonly digest: string;
  readonly changes: readonly SavedChange[];
};

type SavedChange = {
  readonly action: string;
  readonly path: string;
  readonly etag: string | null;
  /** Canonical JSON of what is to be written. */
  readonly after: string;
};

/** Writes the plan's JSON with its origin. Throws Failure `FILE.UNWRITABLE`. */
export async function savePlan(files: Files, path: string, plan: Plan, origin: PlanOrigin): Promise<void> {
  await files.write(path, `${JSON.stringify({ ...plan, origin }, undefined, 2)}\n`);
}

/** Throws Failure `FILE.*` or `PLAN.UNREADABLE`. */
export async function readSavedPlan(files: Files, path: string): Promise<SavedPlan> {
  const saved = parseSavedPlan(await files.read(path));
  if (saved !== undefined) return saved;
  throw new Failure("PLAN.UNREADABLE", `${path} is not a plan saved by this version of apimgw`, {
    remedy: "plan again: apimgw plan --out FILE",
  });
}

function parseSavedPlan(text: string): SavedPlan | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value) || value.formatVersion !== 1 || typeof value.digest !== "string") return undefined;
  const origin = readOrigin(value.origin);
  if (origin === undefined || !Array.isArray(value.changes)) return undefined;
  const changes = value.changes.flatMap((change: unknown) => {
    if (!isJsonObject(change) || typeof change.action !== "string" || typeof change.path !== "string")
      return [];
    return [
      {
        action: change.action,
        path: change.path,
        etag: typeof change.etag === "string" ? change.etag : null,
        after: canonicalJson(isJsonObject(change.after) ? change.after : null),
      },
    ];
  });
  return { origin, digest: value.digest, changes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readOrigin(value: unknown): PlanOrigin | undefined {
  if (!isJsonObject(value)) return undefined;
  const { apimgwVersion, file, environment, options, target, overrides } = value;
  if (typeof apimgwVersion !== "string" || typeof file !== "string" || typeof target !== "string")
    return undefined;
  return {
    apimgwVersion,
    file,
    environment: typeof environment === "string" ? environment : null,
    options: readOptions(isJsonObject(options) ? options : {}),
    target,
    overrides: isJsonObject(overrides) ? readOverrides(overrides) : {},
  };
}

function readOptions({ rewritesSecrets, adoptsUnchanged }: JsonObject): CompareOptions {
  return { rewritesSecrets: rewritesSecrets === true, adoptsUnchanged: adoptsUnchanged === true };
}

function readOverrides({ subscriptionId, resourceGroup, service }: JsonObject): ServiceOverrides {
  return {
    ...(typeof subscriptionId === "string" ? { subscriptionId } : {}),
    ...(typeof resourceGroup === "string" ? { resourceGroup } : {}),
    ...(typeof service === "string" ? { service } : {}),
  };
}

/**
 * Throws Failure `PLAN.OTHER_TARGET` unless the saved plan was made against the same place: a plan that was tried on a local
 * APIM must not reach a real service because a flag was forgotten.
 */
export function requireSameTarget({ origin }: SavedPlan, target: string): void {
  if (origin.target === target) return;
  throw new Failure("PLAN.OTHER_TARGET", `the plan was made against ${origin.target}, not ${target}`, {
    why: "a saved plan goes where it was made, and nowhere else; nothing was written",
    remedy: "give apply the same --local, --arm-endpoint and --cloud as plan, or plan again",
  });
}

/** Throws Failure `PLAN.CHANGED` unless planning now gives the plan that was saved; names what differs. */
export function requireSamePlan(saved: SavedPlan, now: Plan): void {
  if (saved.digest === now.digest) return;
  const differences = describeDifferences(saved, now);
  const what = differences.length === 0 ? "the content of a change differs" : differences.join("; ");
  throw new Failure("PLAN.CHANGED", `changed since the plan: ${what}`, {
    why: "the spec or the service is not what the plan was made from, so nothing was written",
    remedy: "look at a new plan: apimgw plan --out FILE",
  });
}

function describeDifferences(saved: SavedPlan, now: Plan): string[] {
  const before = new Map(saved.changes.map((change) => [change.path, change]));
  const after = new Map(now.changes.map((change) => [change.path, change]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): string[] => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === undefined) return [`${path} now needs ${is?.action ?? "nothing"}`];
    if (is === undefined) return [`${path} no longer needs ${was.action}`];
    if (was.action !== is.action) return [`${path} needs ${is.action} instead of ${was.action}`];
    if (was.after !== canonicalJson(is.after)) return [`${path} is to be written with another content`];
    return was.etag === is.etag ? [] : [`${path} was changed on the service`];
  });
}
