/** Which APIs are to change in a new revision, and into which; asks the service what became of earlier ones. */
import { apiPath } from "../core/model/kinds/api.ts";
import { readRevisionPath, revisionOwner } from "../core/model/kinds/revision.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import type { ApiExpectation, Model } from "../core/model/resource.ts";
import type { PlannedSteps } from "../core/plan/compare.ts";
import { pathKey } from "../core/plan/live.ts";
import type { LiveEntry, LiveModel } from "../core/plan/live.ts";
import { isNamedByPolicies } from "../core/plan/deletes.ts";
import { currentNumber, isRevisable, retiredRevisions } from "../core/plan/revisions.ts";
import type { RevisionPlan } from "../core/plan/revisions.ts";
import type { LiveService } from "../core/ports.ts";
import { readRevision } from "./read-live.ts";

export type RevisionPlans = {
  readonly plans: readonly RevisionPlan[];
  /** Unfinished revisions of APIs that are as the spec wants them. */
  readonly leftOver: readonly LiveEntry[];
  /** Released ones that the spec keeps no longer. */
  readonly retired: readonly LiveEntry[];
};

/** `first` is the plan without revisions. Throws ServiceFailure. */
export async function planRevisions(
  service: LiveService,
  desired: Model,
  live: LiveModel,
  first: PlannedSteps,
): Promise<RevisionPlans> {
  const found = await Promise.all(
    desired.apis.flatMap((api) => {
      const current = live.entries.find(({ path }) => pathKey(path) === pathKey(apiPath(api.id)));
      if (api.revision === undefined || current === undefined) return [];
      return [planRevision(service, desired.owner, live, first, { api, current })];
    }),
  );
  return {
    plans: found.flatMap(({ plan }) => plan ?? []),
    leftOver: found.flatMap(({ plan, unfinished }) => (plan === undefined ? unfinished : [])),
    retired: found.flatMap(({ retired }) => retired),
  };
}

type Revised = { readonly api: ApiExpectation; readonly current: LiveEntry };

async function planRevision(
  service: LiveService,
  owner: string,
  live: LiveModel,
  first: PlannedSteps,
  { api, current }: Revised,
): Promise<{
  readonly plan?: RevisionPlan;
  readonly unfinished: readonly LiveEntry[];
  readonly retired: readonly LiveEntry[];
}> {
  const isRevised = first.steps.some(({ change }) => isRevisable(api.id, change));
  const others = (live.revisions ?? []).filter(({ path }) => isRevisionOf(api.id, path));
  if (!isRevised && others.length === 0) return { unfinished: [], retired: [] };
  const released = await lastReleases(service, api.id);
  const before = currentNumber(current);
  const ours = others.filter(({ properties }) => revisionOwner(properties) === owner);
  const unfinished = unfinishedRevisions(ours, before, released);
  const plan = isRevised
    ? await revisionPlan(service, api, unfinished, [
        before,
        ...others.map(numberOf),
        // The id of a release is not given twice.
        ...released.keys(),
      ])
    : undefined;
  const after = plan !== undefined && api.revision === "apply" ? plan.number : before;
  const gone =
    api.keepRevisions === undefined
      ? []
      : retiredRevisions(
          [current, ...others].map((entry) => ({
            number: entry === current ? before : numberOf(entry),
            isOurs: ours.includes(entry),
          })),
          after,
          before,
          released,
          api.keepRevisions,
        );
  const retired = ours.filter((entry) => gone.includes(numberOf(entry))).map(asRevision);
  return { ...(plan === undefined ? {} : { plan }), unfinished, retired };
}

/** Into an unfinished revision, if there is one; else into a new one, with a number above all of those. */
async function revisionPlan(
  service: LiveService,
  api: ApiExpectation,
  [newest, ...leftOver]: readonly LiveEntry[],
  numbers: readonly number[],
): Promise<RevisionPlan> {
  if (newest === undefined) return { api, number: Math.max(...numbers) + 1, leftOver: [] };
  return { api, number: numberOf(newest), begun: await readRevision(service, newest), leftOver };
}

/** When each revision was released last, by its number. */
async function lastReleases(service: LiveService, api: string): Promise<ReadonlyMap<number, string>> {
  const releases = await service.list(`${apiPath(api)}/releases`);
  const last = new Map<number, string>();
  for (const { body } of releases) {
    const properties = objectMember(body, "properties") ?? {};
    const number = Number(/;rev=(\d+)$/i.exec(stringMember(properties, "apiId") ?? "")?.[1]);
    const at = stringMember(properties, "createdDateTime") ?? "";
    if (!Number.isNaN(number) && at >= (last.get(number) ?? "")) last.set(number, at);
  }
  return last;
}

/** Revisions that this spec made later than the current one and that were never released; newest first. */
function unfinishedRevisions(
  ours: readonly LiveEntry[],
  current: number,
  released: ReadonlyMap<number, string>,
): LiveEntry[] {
  return ours
    .filter((entry) => numberOf(entry) > current && !released.has(numberOf(entry)))
    .sort((a, b) => numberOf(b) - numberOf(a))
    .map(asRevision);
}

/**
 * The policy documents of revisions that are not compared and stay. Read only when the plan deletes something that they can
 * name: there may be many. Throws ServiceFailure.
 */
export async function readRetained(
  service: LiveService,
  { desired, live, steps }: PlannedSteps,
): Promise<readonly LiveEntry[]> {
  const matters = steps.some(({ change }) => change.action === "delete" && isNamedByPolicies(change.kind));
  if (!matters) return [];
  const compared = new Set(live.entries.map(({ path }) => pathKey(path)));
  const others = (live.revisions ?? []).filter(
    ({ path }) =>
      !compared.has(pathKey(path)) && desired.apis.some(({ id }) => isRevisionOf(baseOf(id), path)),
  );
  const read = await Promise.all(others.map((revision) => readRevision(service, revision)));
  return read.flat().filter(({ kind }) => kind === "policy");
}

/** Of an API that changes in a revision, the API. */
function baseOf(id: string): string {
  return readRevisionPath(apiPath(id))?.api ?? id;
}

function asRevision(entry: LiveEntry): LiveEntry {
  return { ...entry, kind: "revision" };
}

function isRevisionOf(api: string, path: string): boolean {
  return readRevisionPath(path)?.api.toLowerCase() === api.toLowerCase();
}

function numberOf({ path }: LiveEntry): number {
  return readRevisionPath(path)?.number ?? 0;
}
