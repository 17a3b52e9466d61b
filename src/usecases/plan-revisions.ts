/** Which APIs are to change in a new revision, and into which; asks the service what became of earlier ones. */
import { apiPath } from "../core/model/kinds/api.ts";
import { readRevisionPath, revisionOwner } from "../core/model/kinds/revision.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import type { ApiExpectation, Model } from "../core/model/resource.ts";
import type { PlannedSteps } from "../core/plan/compare.ts";
import { pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import { isRevisable } from "../core/plan/revisions.ts";
import type { RevisionPlan } from "../core/plan/revisions.ts";
import type { LiveService } from "../core/ports.ts";
import { readRevision } from "./read-live.ts";

/** What is left over, where there is nothing to write. */
export type RevisionPlans = {
  readonly plans: readonly RevisionPlan[];
  /** Unfinished revisions of APIs that are as the spec wants them. */
  readonly leftOver: readonly LiveEntry[];
};

/** `first` is the plan without revisions. Throws ServiceFailure. */
export async function planRevisions(
  service: LiveService,
  desired: Model,
  live: LiveModel,
  first: PlannedSteps,
): Promise<RevisionPlans> {
  const there = new Set(live.entries.map(({ path }) => pathKey(path)));
  const apis = desired.apis.filter(
    ({ id, revision }) => revision !== undefined && there.has(pathKey(apiPath(id))),
  );
  const found = await Promise.all(apis.map((api) => planRevision(service, desired.owner, live, first, api)));
  return {
    plans: found.flatMap(({ plan }) => plan ?? []),
    leftOver: found.flatMap(({ plan, unfinished }) => (plan === undefined ? unfinished : [])),
  };
}

async function planRevision(
  service: LiveService,
  owner: string,
  live: LiveModel,
  first: PlannedSteps,
  api: ApiExpectation,
): Promise<{ readonly plan?: RevisionPlan; readonly unfinished: readonly LiveEntry[] }> {
  const revisions = (live.revisions ?? []).filter(({ path }) => isRevisionOf(api.id, path));
  const unfinished = await unfinishedRevisions(service, owner, live, api.id, revisions);
  if (!first.steps.some(({ change }) => isRevisable(api.id, change))) return { unfinished };
  const [newest, ...leftOver] = unfinished;
  if (newest !== undefined) {
    const begun = await readRevision(service, newest);
    return { plan: { api, number: numberOf(newest), begun, leftOver }, unfinished };
  }
  const numbers = [currentNumber(live, api.id), ...revisions.map(numberOf)];
  return { plan: { api, number: Math.max(...numbers) + 1, leftOver: [] }, unfinished };
}

/** Revisions that this spec made later than the current one and that were never released; newest first. */
async function unfinishedRevisions(
  service: LiveService,
  owner: string,
  live: LiveModel,
  api: string,
  revisions: readonly LiveEntry[],
): Promise<LiveEntry[]> {
  const current = currentNumber(live, api);
  const ours = revisions.filter(
    (entry) => revisionOwner(entry.properties) === owner && numberOf(entry) > current,
  );
  if (ours.length === 0) return [];
  const releases = await service.list(`${apiPath(api)}/releases`);
  const released = new Set(
    releases.map(({ body }) => {
      const apiId = stringMember(objectMember(body, "properties") ?? {}, "apiId") ?? "";
      return /;rev=(\d+)$/i.exec(apiId)?.[1];
    }),
  );
  return ours
    .filter((entry) => !released.has(String(numberOf(entry))))
    .sort((a, b) => numberOf(b) - numberOf(a))
    .map((entry): LiveEntry => ({ ...entry, kind: "revision" }));
}

function isRevisionOf(api: string, path: string): boolean {
  return readRevisionPath(path)?.api.toLowerCase() === api.toLowerCase();
}

function numberOf({ path }: LiveEntry): number {
  return readRevisionPath(path)?.number ?? 0;
}

function currentNumber(live: LiveModel, api: string): number {
  const entry = live.entries.find(({ path }) => pathKey(path) === pathKey(apiPath(api)));
  return Number(entry?.properties.apiRevision ?? 1);
}
