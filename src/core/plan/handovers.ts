/**
 * What one resource must give up before another can have it: a path or a display name that the service gives only once, and
 * membership of a pool, which a backend that becomes a pool must lose.
 */
import { Failure } from "../failure.ts";
import { formatLocation } from "../location.ts";
import { lastSegment, objectMember, stringMember } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Kind, Resource } from "../model/resource.ts";
import type { JsonObject } from "../json.ts";
import type { Step } from "./compare.ts";
import { pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";

/** A resource that wants a name, and the live one that has it. */
type Claim = {
  readonly step: Step;
  readonly resource: Resource;
  readonly name: string;
  readonly holder: LiveEntry;
};

/**
 * The steps with what they must wait for. A resource that is deleted goes before the one that takes over its name, though deletes
 * come last otherwise. Throws Failure `PLAN.NAME_TAKEN` for names that the plan cannot set free.
 */
export function orderHandovers(steps: readonly Step[], live: LiveModel): Step[] {
  const byPath = new Map(steps.map((step) => [pathKey(step.change.path), step]));
  const claims = findClaims(steps, live, byPath);
  const refused = claims.filter((claim) => !isGivenUp(claim, byPath, live));
  if (refused.length > 0) throw taken(refused, byPath);
  const before = new Map<string, string[]>();
  for (const { step, holder } of claims) addTo(before, step.change.path, holder.path);
  refuseExchange(claims, before);
  for (const [path, version] of [...joinedSets(steps), ...leftSets(steps)]) addTo(before, path, version);
  for (const [path, pool] of lostMemberships(steps, byPath, live)) addTo(before, path, pool);
  const freed = new Map(claims.map(({ holder, resource }) => [pathKey(holder.path), resource]));
  return steps.map((step) => withDependencies(step, before, freed));
}

function addTo(map: Map<string, string[]>, path: string, other: string): void {
  const key = pathKey(path);
  map.set(key, [...(map.get(key) ?? []), other]);
}

function withDependencies(
  step: Step,
  before: ReadonlyMap<string, string[]>,
  freed: ReadonlyMap<string, Resource>,
): Step {
  const { change } = step;
  const key = pathKey(change.path);
  const more = before.get(key) ?? [];
  const next = change.action === "delete" ? freed.get(key) : undefined;
  if (more.length === 0 && next === undefined) return step;
  const unique = kinds[change.kind].unique?.property ?? "";
  const note = next === undefined ? [] : [`goes first: ${titled(next)} takes over its ${words(unique)}`];
  return {
    ...step,
    change: { ...change, dependsOn: [...change.dependsOn, ...more], notes: [...change.notes, ...note] },
  };
}

function findClaims(steps: readonly Step[], live: LiveModel, byPath: ReadonlyMap<string, Step>): Claim[] {
  const holders = new Map<string, LiveEntry>();
  for (const entry of live.entries) {
    const name = uniqueName(entry.kind, entry.properties);
    if (name !== undefined) holders.set(`${entry.kind} ${name}`, entry);
  }
  return steps.flatMap((step): Claim[] => {
    const { resource } = step;
    const name = resource === undefined ? undefined : wantedName(resource);
    if (resource === undefined || name === undefined) return [];
    const holder = holders.get(`${resource.kind} ${name}`);
    const isFree = holder === undefined || isSharedWith(holder, step, name, byPath);
    return isFree ? [] : [{ step, resource, name, holder }];
  });
}

/** Whether the step's own resource has the name already, or may have it too: versions of one API share their path. */
function isSharedWith(
  holder: LiveEntry,
  { change, resource, live }: Step,
  name: string,
  byPath: ReadonlyMap<string, Step>,
): boolean {
  if (pathKey(holder.path) === pathKey(change.path)) return true;
  const others = byPath.get(pathKey(holder.path));
  const set = versionSetOf(resource) ?? versionSetOf(live);
  if (set !== undefined && set === (versionSetOf(others?.resource) ?? versionSetOf(holder))) return true;
  return live !== undefined && uniqueName(live.kind, live.properties) === name;
}

/** Id of the version set of an API, desired or live. */
function versionSetOf(api: Resource | LiveEntry | undefined): string | undefined {
  if (api?.kind !== "api") return undefined;
  const properties = "body" in api ? objectMember(api.body, "properties") : api.properties;
  const set = stringMember(properties ?? {}, "apiVersionSetId");
  return set === undefined ? undefined : lastSegment(set).toLowerCase();
}

/** APIs that are made, each with those that join its version set in this plan: until then the path is theirs alone. */
function joinedSets(steps: readonly Step[]): [path: string, version: string][] {
  const joining = steps.filter(
    ({ resource, live }) =>
      live !== undefined && versionSetOf(resource) !== undefined && versionSetOf(live) === undefined,
  );
  return steps.flatMap(({ change, resource }) => {
    const set = change.action === "create" ? versionSetOf(resource) : undefined;
    if (set === undefined) return [];
    const others = joining.filter((each) => versionSetOf(each.resource) === set);
    return others.map((each): [string, string] => [change.path, each.change.path]);
  });
}

/** APIs that leave a version set, each with the versions that go or move in this plan: until then the path is not theirs alone. */
function leftSets(steps: readonly Step[]): [path: string, version: string][] {
  return steps.flatMap(({ change, resource, live }) => {
    const set = resource === undefined ? undefined : versionSetOf(live);
    if (set === undefined || set === versionSetOf(resource)) return [];
    const others = steps.filter(
      (each) =>
        versionSetOf(each.live) === set &&
        each.change.path !== change.path &&
        (each.resource === undefined ||
          wantedName(each.resource) !== uniqueName("api", live?.properties ?? {})),
    );
    return others.map((each): [string, string] => [change.path, each.change.path]);
  });
}

function wantedName({ kind, body }: Resource): string | undefined {
  return uniqueName(kind, objectMember(body, "properties") ?? {});
}

function uniqueName(kind: Kind, properties: JsonObject): string | undefined {
  const { unique } = kinds[kind];
  const name = unique === undefined ? undefined : stringMember(properties, unique.property);
  return unique?.ignoresCase === true ? name?.toLowerCase() : name;
}

/** Whether the plan takes the name from its holder, in time for the one that claims it. */
function isGivenUp({ name, holder }: Claim, steps: ReadonlyMap<string, Step>, live: LiveModel): boolean {
  const step = steps.get(pathKey(holder.path));
  if (step === undefined) return false;
  if (step.resource !== undefined) return wantedName(step.resource) !== name;
  // Policies name a named value by the very name that is to be taken over: it cannot go while they do.
  return holder.kind !== "namedValue" || !live.entries.some((entry) => mentions(entry, name));
}

function mentions({ properties }: LiveEntry, displayName: string): boolean {
  return JSON.stringify(properties).includes(`{{${displayName}}}`);
}

function taken(claims: readonly Claim[], steps: ReadonlyMap<string, Step>): Failure {
  const said = claims.map(({ resource, name, holder }) => {
    const property = words(kinds[resource.kind].unique?.property ?? "");
    const where = formatLocation(resource.origin);
    return `${titled(resource)} (${where}) wants the ${property} \`${name}\`, which ${titled(holder)} has`;
  });
  const isDeleted = claims.some(({ holder }) => steps.get(pathKey(holder.path))?.change.action === "delete");
  return new Failure("PLAN.NAME_TAKEN", said.join("; "), {
    why: isDeleted
      ? "it is to be deleted, but what refers to it by that name keeps it until then"
      : "the service gives it to one resource only, and this plan does not take it from that one",
    remedy: isDeleted
      ? "keep the id that the service has, or choose another name"
      : "choose another one, or change or remove the resource that has it",
  });
}

/** Two that want each other's name, or a longer ring: no order of writes gets there. */
function refuseExchange(claims: readonly Claim[], before: ReadonlyMap<string, readonly string[]>): void {
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (before.get(from) ?? []).some((path) => {
      const key = pathKey(path);
      return key === to || (!seen.has(key) && reaches(key, to, new Set([...seen, key])));
    });
  const ring = claims.filter(({ resource: { path } }) => reaches(pathKey(path), pathKey(path), new Set()));
  const [first] = ring;
  if (first === undefined) return;
  const property = words(kinds[first.resource.kind].unique?.property ?? "");
  const names = ring.map(({ resource }) => `${titled(resource)} (${formatLocation(resource.origin)})`);
  throw new Failure(
    "PLAN.NAME_TAKEN",
    `each wants the ${property} that another one has: ${names.join(", ")}`,
    {
      why: `the service gives a ${property} to one resource at a time`,
      remedy: `apply in two steps: first give one of them a ${property} that is free`,
    },
  );
}

/** Backends that become pools, each with the pools that drop them in this plan. */
function lostMemberships(
  steps: readonly Step[],
  byPath: ReadonlyMap<string, Step>,
  live: LiveModel,
): [path: string, pool: string][] {
  const becoming = steps.filter(
    ({ resource, live: was }) => resource?.kind === "pool" && was?.kind === "backend",
  );
  if (becoming.length === 0) return [];
  const pools = live.entries.filter(
    ({ kind, path }) => kind === "pool" && byPath.get(pathKey(path))?.resource,
  );
  return becoming.flatMap(({ change }) =>
    pools
      .filter(({ properties }) =>
        kinds.pool.references(properties).some((member) => pathKey(member) === pathKey(change.path)),
      )
      .map(({ path }): [string, string] => [change.path, path]),
  );
}

function titled({ kind, id }: { readonly kind: Kind; readonly id: string }): string {
  return `${kinds[kind].title} \`${id}\``;
}

/** `displayName` → `display name` */
function words(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
