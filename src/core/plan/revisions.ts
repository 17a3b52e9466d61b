/**
 * Changes of an API into a revision of it: desired and live model as they must be compared for that.
 *
 *   compared now                        compared for a new revision 3, a copy of 2
 *   apis/ID                             apis/ID;rev=3               to be made; what differs from apis/ID is written into it
 *   apis/ID/operations/O/policies       apis/ID;rev=3/operations/O/policies, which will be there as copied
 *                                       apis/ID/releases/apimgw-3   when everything else is done
 *   apis/ID, its name, path, version    apis/ID                     after that: all revisions share them
 */
import { createHash } from "node:crypto";
import type { JsonObject } from "../json.ts";
import { objectMember } from "../model/kind-definition.ts";
import { apiPath } from "../model/kinds/api.ts";
import { releaseResource, revisionPath, sharedProperties } from "../model/kinds/revision.ts";
import type { ApiExpectation, Model, Resource } from "../model/resource.ts";
import { compareText } from "../problem.ts";
import { contentDigest, desiredProperties, liveProperties } from "./content.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import type { Change } from "./plan.ts";

/** What is known of an API's revisions when its changes are to go into one. */
export type RevisionPlan = {
  readonly api: ApiExpectation;
  /** The revision to write: a new one, or one that an earlier apply has left unfinished. */
  readonly number: number;
  /** That one as it is, with all in it; undefined for a new one. */
  readonly begun?: readonly LiveEntry[];
  /** Revisions that earlier applies have left behind, and nobody needs. */
  readonly leftOver: readonly LiveEntry[];
};

/** Whether a change is to what an API does, and not to what all revisions share, or to its diagnostics. */
export function isRevisable(api: string, { path, edits, action }: Change): boolean {
  const key = pathKey(path);
  const own = pathKey(apiPath(api));
  if (key !== own) return isWithin(path, api);
  const isShared = (edit: string): boolean => sharedProperties.some((name) => name === edit);
  return action === "delete" || edits.length === 0 || edits.some((edit) => !isShared(edit.path));
}

/** Whether the path is that of something that a revision has of its own. */
function isWithin(path: string, api: string): boolean {
  const prefix = pathKey(`${apiPath(api)}/`);
  const key = pathKey(path);
  return key.startsWith(prefix) && /^(?:operations|policies)\//.test(key.slice(prefix.length));
}

/** The models with the changes of these APIs moved into revisions. */
export function intoRevisions(
  desired: Model,
  live: LiveModel,
  plans: readonly RevisionPlan[],
): { readonly desired: Model; readonly live: LiveModel } {
  return plans.reduce((models, plan) => intoRevision(models.desired, models.live, plan), { desired, live });
}

function intoRevision(desired: Model, live: LiveModel, plan: RevisionPlan) {
  const { api, number, begun, leftOver } = plan;
  const own = pathKey(apiPath(api.id));
  const current = live.entries.find(({ path }) => pathKey(path) === own);
  if (current === undefined) throw new Error(`${own} is not on the service`);
  const target = revisionPath(api.id, number);
  const move = (path: string): string =>
    pathKey(path) === own || isWithin(path, api.id) ? `${target}${path.slice(own.length)}` : path;
  const whole = desired.resources.find(({ path }) => pathKey(path) === own);
  const rest = live.entries.filter(({ path }) => pathKey(path) !== own && !isWithin(path, api.id));
  const copies = live.entries.filter(({ path }) => isWithin(path, api.id));
  const resources = [
    ...desired.resources.flatMap((resource) => (resource === whole ? [] : moved(resource, move, api.id))),
    revisionResource(plan, whole, current, leftOver),
    ...releaseOf(desired, plan),
    ...sharedResource(plan, whole, current),
  ];
  const released = whole === undefined ? [] : [predictReleased(whole, current)];
  const entries = [...rest, ...(begun ?? copies.map((entry) => predictCopy(entry, move))), ...leftOver];
  const needsShared = resources.some(({ path }) => pathKey(path) === own);
  return {
    desired: {
      ...desired,
      resources: resources.toSorted((a, b) => compareText(a.path, b.path)),
      apis: desired.apis.map((each) => (each === api ? { ...each, id: `${api.id};rev=${number}` } : each)),
    },
    live: {
      ...live,
      entries: needsShared ? [...entries, ...released] : entries,
      retained: [
        ...(live.retained ?? []),
        ...copies.map((entry) => asRevisionContent(entry, api.id, current)),
      ],
      sources: new Map([...(live.sources ?? []), [pathKey(target), current]]),
    },
  };
}

/** What belongs to the revision stands below it; the rest stays where it is. */
function moved(resource: Resource, move: (path: string) => string, api: string): Resource[] {
  if (!isWithin(resource.path, api)) return [resource];
  return [{ ...resource, path: move(resource.path), dependsOn: resource.dependsOn.map(move) }];
}

/** The API as the revision is to be: of what all revisions share, it has what is there. */
function revisionResource(
  { api, number, begun }: RevisionPlan,
  whole: Resource | undefined,
  current: LiveEntry,
  leftOver: readonly LiveEntry[],
): Resource {
  const wanted = objectMember(whole?.body ?? {}, "properties") ?? {};
  const source = currentNumber(current);
  const note =
    begun === undefined
      ? `new revision ${number}, a copy of revision ${source}: calls do not get it before its release`
      : `revision ${number}, which an earlier apply has begun: calls do not get it before its release`;
  return {
    kind: "revision",
    id: `${api.id};rev=${number}`,
    path: revisionPath(api.id, number),
    body: { properties: { ...wanted, ...sharedOf(current.properties, wanted) } },
    ...(whole?.operations === undefined ? {} : { operations: whole.operations }),
    // Of an API that the spec only changes, a revision carries the mark of whoever made it, or none.
    ...(whole === undefined || whole.mustExist === true ? { mustExist: true } : {}),
    notes: [...(whole?.notes ?? []), note],
    dependsOn: [...(whole?.dependsOn ?? []), ...leftOver.map(({ path }) => path)],
    origin: api.at,
  };
}

/** The live values of the shared properties that the spec says, so that they do not differ; those it does not say are left out. */
function sharedOf(live: JsonObject, wanted: JsonObject): JsonObject {
  return Object.fromEntries(
    sharedProperties.flatMap((name) => {
      const isNeeded = name in wanted || (wanted.format !== undefined && live[name] !== undefined);
      return isNeeded ? [[name, live[name] ?? undefined] as const] : [];
    }),
  );
}

function releaseOf(desired: Model, { api, number }: RevisionPlan): Resource[] {
  if (api.revision !== "apply") return [];
  const own = desired.resources.filter(
    ({ path }) => pathKey(path) === pathKey(apiPath(api.id)) || isWithin(path, api.id),
  );
  const hash = createHash("sha256");
  for (const resource of own)
    hash.update(`${resource.path} ${contentDigest(desiredProperties(resource), resource.document)}\n`);
  const notes = `apimgw: spec ${desired.owner}, content ${hash.digest("hex").slice(0, 16)}`;
  return [releaseResource(api.id, number, `apimgw-${number}`, notes, desired.service, api.at)];
}

/** The API itself, when what all revisions share is to change: in one write, once the revision is there for everybody. */
function sharedResource(
  { api, number }: RevisionPlan,
  whole: Resource | undefined,
  current: LiveEntry,
): Resource[] {
  if (whole === undefined) return [];
  const [before, after] = [liveProperties(whole, current), desiredProperties(whole)];
  const differs = sharedProperties.some((name) => before[name] !== after[name]);
  if (!differs) return [];
  const release = `${apiPath(api.id)}/releases/apimgw-${number}`;
  return [{ ...whole, dependsOn: [...whole.dependsOn, ...(api.revision === "apply" ? [release] : [])] }];
}

/** The API once the revision is released: as the spec wants it, but for what all revisions share. */
function predictReleased(whole: Resource, current: LiveEntry): LiveEntry {
  const wanted = objectMember(whole.body, "properties") ?? {};
  const properties = { ...current.properties, ...wanted, ...sharedOf(current.properties, wanted) };
  return {
    ...current,
    properties: { ...properties, apiRevision: undefined, apiRevisionDescription: undefined },
    ...(whole.operations === undefined ? {} : { operations: whole.operations }),
    isPredicted: true,
  };
}

/** What the current revision holds, as it is named once another is released. */
function asRevisionContent(entry: LiveEntry, api: string, current: LiveEntry): LiveEntry {
  const path = `${revisionPath(api, currentNumber(current))}${entry.path.slice(apiPath(api).length)}`;
  return { ...entry, path };
}

/** The number of the revision that calls get. */
export function currentNumber({ properties: { apiRevision } }: LiveEntry): number {
  return Number(apiRevision ?? 1);
}

/**
 * Old revisions that go when the spec keeps so many beside the current one: of those that were released, the ones that calls have
 * not got for longest. Only those that the spec made are among them. `current` is the number after the apply, `released` holds
 * when each was released last.
 */
export function retiredRevisions(
  revisions: readonly { readonly number: number; readonly isOurs: boolean }[],
  current: number,
  before: number,
  released: ReadonlyMap<number, string>,
  keep: number,
): readonly number[] {
  // What calls get now is the latest of all, though nobody may have released it.
  const lastGot = (number: number): string => (number === before ? "~" : (released.get(number) ?? ""));
  return revisions
    .filter(({ number }) => number !== current && (number === before || released.has(number)))
    .toSorted((a, b) => compareText(lastGot(b.number), lastGot(a.number)) || b.number - a.number)
    .slice(keep)
    .flatMap(({ number, isOurs }) => (isOurs && number !== before ? [number] : []));
}

function predictCopy(entry: LiveEntry, move: (path: string) => string): LiveEntry {
  return { ...entry, path: move(entry.path), isPredicted: true };
}

/**
 * Releases come last: after all writes that do not wait for them, and after what goes out of their revision. What goes out of a
 * revision waits until that is there.
 */
export function releasesLast<Item extends { readonly change: Change }>(items: readonly Item[]): Item[] {
  const releases = new Set(
    items.flatMap(({ change }) => (change.kind === "release" ? [pathKey(change.path)] : [])),
  );
  const isBefore = ({ change }: Item): boolean =>
    !releases.has(pathKey(change.path)) &&
    !change.dependsOn.some((path) => releases.has(pathKey(path))) &&
    (change.action !== "delete" || revisionOf(change.path) !== undefined);
  const before = items.filter(isBefore).map(({ change }) => change.path);
  return items.map((item) => {
    const { action, path } = item.change;
    if (releases.has(pathKey(path))) return withDependencies(item, before);
    const revision = action === "delete" ? revisionOf(path) : undefined;
    return revision === undefined ? item : withDependencies(item, [revision]);
  });
}

/** `apis/ID;rev=N` of a path below it. */
function revisionOf(path: string): string | undefined {
  return /^(apis\/[^/]+;rev=\d+)\//i.exec(path)?.[1];
}

function withDependencies<Item extends { readonly change: Change }>(
  item: Item,
  paths: readonly string[],
): Item {
  const dependsOn = [...new Set([...item.change.dependsOn, ...paths])].sort(compareText);
  return { ...item, change: { ...item.change, dependsOn } };
}
