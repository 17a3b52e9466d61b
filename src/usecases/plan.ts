/** Spec and service → plan. Reads only. */
import { Failure } from "../core/failure.ts";
import { nearestName } from "../core/nearest-name.ts";
import { comparePlan } from "../core/plan/compare.ts";
import type { CompareOptions, PlannedSteps } from "../core/plan/compare.ts";
import { missingOnService } from "../core/plan/expected.ts";
import { pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import { kinds } from "../core/model/kinds/index.ts";
import type { Model } from "../core/model/resource.ts";
import type { LiveService } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { intoRevisions } from "../core/plan/revisions.ts";
import { withRoles } from "../core/roles/find-roles.ts";
import { inNewerVersions } from "./newer-versions.ts";
import { planRevisions, readRetained } from "./plan-revisions.ts";
import { readAgain, readLive } from "./read-live.ts";
import { readRoles } from "./read-roles.ts";

/**
 * Plans. Throws ServiceFailure when reading fails, Failure `PLAN.OWNED_BY_OTHER`, `PLAN.NO_IDENTITY`, `PLAN.UNKNOWN_ROLE`, and `PLAN.NOT_ON_SERVICE`
 * with every API that is not imported, operation of such an API, or thing that the spec calls existing, that the service lacks.
 */
export async function planModel(
  connected: LiveService,
  desired: Model,
  options: CompareOptions,
): Promise<PlannedSteps> {
  const service = inNewerVersions(connected, desired);
  const [read, roles] = await Promise.all([readLive(service, desired), readRoles(service, desired)]);
  const live = { ...read, entries: [...read.entries, ...roles.entries], notes: roles.notes };
  refuseWhatIsMissing(desired, live);
  const wanted = withRoles(desired, roles);
  const now = comparePlan(wanted, live, options);
  const { plans, leftOver, retired } = await planRevisions(service, wanted, live, now);
  const withOld = {
    ...live,
    entries: [...live.entries, ...leftOver, ...retired],
    retired: new Set(retired.map(({ path }) => pathKey(path))),
  };
  const revised = intoRevisions(wanted, withOld, plans);
  const isRevised = plans.length > 0 || leftOver.length > 0 || retired.length > 0;
  const compared = isRevised ? comparePlan(revised.desired, revised.live, options) : now;
  const retained = await readRetained(service, compared);
  const first =
    retained.length === 0
      ? compared
      : comparePlan(compared.desired, withRetained(compared.live, retained), options);
  const refreshed = await withEtags(service, first.live, first);
  const last = refreshed === first.live ? first : comparePlan(first.desired, refreshed, options);
  return isRevised ? { ...last, asWritten: wanted } : last;
}

function withRetained(live: LiveModel, retained: readonly LiveEntry[]): LiveModel {
  return { ...live, retained: [...(live.retained ?? []), ...retained] };
}

/** Reads again, with its ETag, what the plan would write: the comparison and the ETag then are of one moment. */
async function withEtags(service: LiveService, live: LiveModel, { steps }: PlannedSteps): Promise<LiveModel> {
  const entries = steps.flatMap(({ live: entry }) => entry ?? []);
  const stale = entries.filter(
    ({ etag, kind, isPredicted }) =>
      etag === undefined && kinds[kind].hasNoEtag !== true && isPredicted !== true,
  );
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
  return { ...live, entries: kept };
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
