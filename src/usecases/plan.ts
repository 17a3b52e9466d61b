/** Spec and service → plan. Reads only. */
import { Failure } from "../core/failure.ts";
import { nearestName } from "../core/nearest-name.ts";
import { comparePlan } from "../core/plan/compare.ts";
import type { CompareOptions, PlannedSteps } from "../core/plan/compare.ts";
import { missingOnService } from "../core/plan/expected.ts";
import { pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import type { Model } from "../core/model/resource.ts";
import type { LiveService } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { readAgain, readLive } from "./read-live.ts";

/**
 * Plans. Throws ServiceFailure when reading fails, Failure `PLAN.OWNED_BY_OTHER`, and `PLAN.NOT_ON_SERVICE`
 * with every API that is not imported, operation of such an API, or thing that the spec calls existing, that the service lacks.
 */
export async function planModel(
  service: LiveService,
  desired: Model,
  options: CompareOptions,
): Promise<PlannedSteps> {
  const live = await readLive(service, desired);
  refuseWhatIsMissing(desired, live);
  const first = comparePlan(desired, live, options);
  const refreshed = await withEtags(service, live, first);
  return refreshed === live ? first : comparePlan(desired, refreshed, options);
}

/** Reads again, with its ETag, what the plan would write: the comparison and the ETag then are of one moment. */
async function withEtags(service: LiveService, live: LiveModel, { steps }: PlannedSteps): Promise<LiveModel> {
  const entries = steps.flatMap(({ live: entry }) => entry ?? []);
  // A link between product and API has no content, no GET (405) and no ETag.
  const stale = entries.filter(({ etag, kind }) => etag === undefined && kind !== "productApi");
  if (stale.length === 0) return live;
  const fresh = new Map<string, LiveEntry | undefined>();
  await Promise.all(
    stale.map(async (entry) => {
      fresh.set(pathKey(entry.path), await readAgain(service, entry));
    }),
  );
  const kept = live.entries.flatMap((entry) => {
    const key = pathKey(entry.path);
    return fresh.has(key) ? (fresh.get(key) ?? []) : entry;
  });
  return { entries: kept };
}

/** What the spec does not make, operations of APIs that are not imported among it, can only be checked against the service. */
function refuseWhatIsMissing(desired: Model, live: LiveModel): void {
  const byPath = new Map(live.entries.map((entry) => [pathKey(entry.path), entry]));
  const inApis = desired.apis.flatMap((api): Problem[] => {
    if (api.isImported) return [];
    const there = byPath.get(pathKey(`apis/${api.id}`));
    if (there === undefined) return [missingApi(api.id, api.at)];
    const known = Object.keys(there.operations ?? {});
    return api.operations
      .filter(({ id }) => !known.includes(id))
      .map(({ id, at }) => missingOperation(api.id, id, known, at));
  });
  const problems = [...inApis, ...missingOnService(desired, live)];
  if (problems.length === 0) return;
  const message = "the spec names what is not on the service";
  throw new Failure("PLAN.NOT_ON_SERVICE", message, { problems: problems.sort(compareProblems) });
}

function missingApi(id: string, at: Problem["at"]): Problem {
  return {
    rule: "api-missing",
    severity: "error",
    message: `API \`${id}\` does not exist on the service`,
    at,
    help: "an API without `openapi` must be there already: correct its id, or give `openapi` so that it is imported",
  };
}

function missingOperation(api: string, id: string, known: readonly string[], at: Problem["at"]): Problem {
  const nearest = nearestName(id, known);
  return {
    rule: "unknown-operation",
    severity: "error",
    message: `API \`${api}\` on the service has no operation \`${id}\`${nearest === undefined ? "" : `, did you mean \`${nearest}\`?`}`,
    at,
  };
}
