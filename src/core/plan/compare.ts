/** Desired model and live model → the steps of a plan. Nothing is written and nothing is read here. */
import { Failure } from "../failure.ts";
import type { JsonObject } from "../json.ts";
import { kinds } from "../model/kinds/index.ts";
import { hasUnreadableCredentials } from "../model/kinds/logger.ts";
import { isSecretNamedValue } from "../model/kinds/named-value.ts";
import { objectMember, without } from "../model/kind-definition.ts";
import type { Model, Resource } from "../model/resource.ts";
import { printForDiff, samePolicy } from "../policy/canonical.ts";
import { withoutMark } from "../policy/ownership.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { compareText } from "../problem.ts";
import { desiredProperties, driftOf, isMarkable, liveProperties } from "./content.ts";
import { planDeletes, revisionsFirst } from "./deletes.ts";
import { compareProperties, formatEdits } from "./edits.ts";
import { orderHandovers } from "./handovers.ts";
import { withLiveLinks } from "./live-links.ts";
import { etagOf, pathKey } from "./live.ts";
import type { LiveEntry, LiveModel } from "./live.ts";
import { orderChanges } from "./order.ts";
import type { Action, Change, Edit, Plan, PlanNote } from "./plan.ts";
import { planDigest } from "./digest.ts";
import { leftAlone, refuseMoves } from "./subscriptions.ts";
import { releasesLast } from "./revisions.ts";
import { diffTexts, shownState } from "./state-diff.ts";
import { everything, selectSteps } from "./select.ts";
import type { Selection } from "./select.ts";

/** A change together with what apply needs to carry it out. */
export type Step = {
  readonly change: Change;
  readonly resource?: Resource;
  readonly live?: LiveEntry;
  /** Of a revision that is to be made: what it is a copy of. */
  readonly source?: LiveEntry;
};

export type PlannedSteps = {
  readonly plan: Plan;
  readonly steps: readonly Step[];
  /** What the spec compiles to, where that was moved into revisions to be compared. */
  readonly asWritten?: Model;
  /** What was compared. */
  readonly desired: Model;
  readonly live: LiveModel;
};

export type CompareOptions = {
  /** Write secrets again, though nobody can tell whether they differ. */
  readonly rewritesSecrets: boolean;
  /** Adopt what is there without a mark, also where it is as the spec wants it. */
  readonly adoptsUnchanged: boolean;
  /** Which of the changes. */
  readonly selection: Selection;
  /** Nothing is going to be carried out: deletes of what is protected are shown, not refused. */
  readonly showsProtected?: true;
};

/** Everything that the spec asks for, and nothing beside it. */
export const plainly: CompareOptions = {
  rewritesSecrets: false,
  adoptsUnchanged: false,
  selection: everything,
};

/**
 * Compares by meaning: documents as canonical trees, resources without the server's defaults and read-only fields. Throws
 * Failure `PLAN.OWNED_BY_OTHER` when a resource carries another spec's mark, `PLAN.NAME_TAKEN`, `PLAN.CYCLE` and `PLAN.PROTECTED`, `USAGE.SELECTOR`. An API that the spec changes without making it must
 * be among the live entries: the caller has checked that.
 */
export function comparePlan(wanted: Model, live: LiveModel, options: CompareOptions): PlannedSteps {
  const desired = withLiveLinks(wanted, live);
  const byPath = new Map(live.entries.map((entry) => [pathKey(entry.path), entry]));
  refuseForeign(desired, byPath);
  refuseMoves(desired, byPath);
  const compared = desired.resources.map((resource) =>
    compareOne(resource, byPath.get(pathKey(resource.path)), live, options),
  );
  const writes = compared.flatMap(({ step }) => step ?? []);
  const deletes = planDeletes(desired, live, takenOver(writes));
  const unordered = releasesLast([...writes, ...deletes.steps]);
  const ordered = orderChanges(revisionsFirst(orderHandovers(unordered, live)));
  const { steps, leftOut } = selectSteps(ordered, options.selection, { desired, live });
  if (options.showsProtected !== true) refuseProtected(steps);
  const changes = steps.map((step) => step.change);
  const notes = [
    ...compared.flatMap(({ note }) => (note === undefined ? [] : [note])),
    ...uncoveredOperations(desired, live),
    ...(live.notes ?? []),
    ...deletes.notes,
    ...leftAlone(desired, live),
  ];
  const draft = {
    formatVersion: 1 as const,
    service: desired.service,
    name: desired.owner,
    changes,
    unchanged: compared.filter(({ step }) => step === undefined).length,
    unmarked: compared.filter(({ isUnmarked }) => isUnmarked === true).length,
    summary: {
      create: count(changes, "create"),
      update: count(changes, "update"),
      adopt: count(changes, "adopt"),
      delete: count(changes, "delete"),
    },
    leftOut: leftOut.map(({ change: { action, kind, id, path } }) => ({ action, kind, id, path })),
    notes: notes.sort((a, b) => compareText(a.path, b.path)),
  };
  return { plan: { ...draft, digest: planDigest(draft) }, steps, desired, live };
}

function count(changes: readonly Change[], action: Action): number {
  return changes.filter((change) => change.action === action).length;
}

function refuseForeign(desired: Model, live: ReadonlyMap<string, LiveEntry>): void {
  const foreign = desired.resources.flatMap((resource) => {
    const owner = live.get(pathKey(resource.path))?.owner;
    if (owner === undefined || owner === desired.owner || resource.mustExist === true) return [];
    return [
      `${kinds[resource.kind].title} \`${resource.id}\` belongs to \`${owner}\` (${resource.origin.file}:${resource.origin.line})`,
    ];
  });
  if (foreign.length === 0) return;
  throw new Failure(
    "PLAN.OWNED_BY_OTHER",
    `${foreign.length === 1 ? "a resource carries" : "resources carry"} the mark of another spec: ${foreign.join("; ")}`,
    {
      why: `this spec is \`${desired.owner}\`; two specs writing one resource would overwrite each other`,
      remedy:
        "give the resource another id, take it out of the other spec and apply that, or use the same `name` in both if they are one spec",
    },
  );
}

/** Paths that are this spec's once the plan is carried out, though they do not carry its mark yet. */
function takenOver(writes: readonly Step[]): ReadonlySet<string> {
  const taken = writes.filter(({ change }) => change.action === "create" || change.action === "adopt");
  return new Set(taken.map(({ change }) => pathKey(change.path)));
}

/** Throws Failure `PLAN.PROTECTED` when something would be deleted whose mark protects it. */
function refuseProtected(steps: readonly Step[]): void {
  const kept = steps.filter(({ change, live }) => change.action === "delete" && live?.mark?.isProtected);
  if (kept.length === 0) return;
  const names = kept.map(({ change: { kind, id } }) => `${kinds[kind].title} \`${id}\``);
  const verb = kept.length === 1 ? "is" : "are";
  throw new Failure("PLAN.PROTECTED", `${names.join(", ")} would be deleted, and ${verb} protected`, {
    why: "`protected: true` has been applied; nothing was written",
    remedy:
      "keep it in the spec; to delete it, apply `protected: false` first; or leave it out of this run with --exclude KIND:ID or --no-delete",
  });
}

type Compared = { readonly step?: Step; readonly note?: PlanNote; readonly isUnmarked?: true };

function compareOne(
  resource: Resource,
  live: LiveEntry | undefined,
  { sources }: LiveModel,
  options: CompareOptions,
): Compared {
  if (live === undefined) {
    const source = sources?.get(pathKey(resource.path));
    if (source !== undefined) return { step: copyStep(resource, source) };
    if (resource.mustExist === true) throw new Error(`${resource.path} is not on the service`);
    return { step: { change: changeOf("create", resource, undefined, []), resource } };
  }
  const edits = [...propertyEdits(resource, live), ...operationEdits(resource, live)];
  const secret = uncomparable(resource);
  if (secret !== undefined && options.rewritesSecrets) edits.push({ path: secret, isSecret: true });
  const isSame =
    edits.length === 0 && live.kind === resource.kind && sameDocument(resource.document, live.document);
  const isUnmarked = lacksMark(resource, live);
  if (isSame && !(isUnmarked && options.adoptsUnchanged)) {
    const note = `${secret ?? ""} cannot be compared: the service never returns it; --rewrite-secrets writes it again`;
    const { kind, id, path } = resource;
    return {
      ...(secret === undefined ? {} : { note: { kind, id, path, note } }),
      ...(isUnmarked ? { isUnmarked } : {}),
    };
  }
  const action = isUnmarked ? "adopt" : "update";
  return { step: { change: changeOf(action, resource, live, edits), resource, live } };
}

/** Making a revision, and writing into it what differs from what it is a copy of. */
function copyStep(resource: Resource, source: LiveEntry): Step {
  const edits = [...propertyEdits(resource, source), ...operationEdits(resource, source)];
  const change = changeOf("create", resource, undefined, edits);
  // The rest is as it is in the copy.
  const changed = new Set(edits.map(({ path }) => path.split(/[.[]/, 1)[0]));
  const after = Object.entries(change.after ?? {}).filter(([name]) => changed.has(name));
  return {
    change: { ...change, after: Object.fromEntries(after), diff: formatEdits(edits) },
    resource,
    source,
  };
}

/** Whether the live resource has a place for a mark and none in it: the first change to it takes it over. */
function lacksMark(resource: Resource, live: LiveEntry): boolean {
  return isMarked(resource) && live.owner === undefined;
}

/** Whether what is written for a resource carries the spec's mark. */
export function isMarked({ kind, mustExist }: Resource): boolean {
  return isMarkable(kind) && mustExist !== true;
}

/** The properties of both sides that the spec decides, normalized. */
export function comparable(resource: Resource, live: LiveEntry): { before: JsonObject; after: JsonObject } {
  const properties = objectMember(resource.body, "properties") ?? {};
  const before = liveProperties(resource, live);
  // What becomes a secret may have been written as plain text by mistake: it is not shown once more.
  const becomesSecret = resource.kind === "namedValue" && isSecretNamedValue(properties);
  return {
    before: becomesSecret ? without(before, ["value"]) : before,
    after: desiredProperties(resource),
  };
}

/** What turns the live properties into those of the resource. */
export function propertyEdits(resource: Resource, live: LiveEntry): Edit[] {
  const { before, after } = comparable(resource, live);
  return compareProperties(before, after, kinds[resource.kind].identities);
}

/** Operations that the import makes and the service lacks or has otherwise; operations beside them are left alone. */
export function operationEdits(resource: Resource, live: LiveEntry): Edit[] {
  const there = new Map(
    Object.entries(live.operations ?? {}).map(([id, signature]) => [id.toLowerCase(), signature]),
  );
  return Object.entries(resource.operations ?? {}).flatMap(([id, signature]): Edit[] => {
    const found = there.get(id.toLowerCase());
    if (found === signature) return [];
    return [
      { path: `operations[${id}]`, after: signature, ...(found === undefined ? {} : { before: found }) },
    ];
  });
}

/** The property of the desired resource that the service will not give back, if it has one. */
export function uncomparable(resource: Resource): string | undefined {
  const properties = objectMember(resource.body, "properties") ?? {};
  if (resource.kind === "namedValue" && isSecretNamedValue(properties) && properties.value !== undefined)
    return "value";
  return resource.kind === "logger" && hasUnreadableCredentials(properties) ? "credentials" : undefined;
}

/** Without a desired document there is nothing to differ from. */
export function sameDocument(desired: PolicyDocument | undefined, live: PolicyDocument | undefined): boolean {
  if (desired === undefined) return true;
  return live !== undefined && samePolicy(desired, live);
}

function changeOf(
  action: Action,
  resource: Resource,
  live: LiveEntry | undefined,
  edits: readonly Edit[],
): Change {
  const after = kinds[resource.kind].normalize(objectMember(resource.body, "properties") ?? {});
  return {
    action,
    kind: resource.kind,
    id: resource.id,
    path: resource.path,
    before: live === undefined ? null : shownState(comparable(resource, live).before, live.document),
    after: shownState(after, resource.document),
    edits,
    diff: live === undefined ? "" : diffText(resource, live, edits),
    etag: etagOf(live),
    drift: live === undefined ? null : (driftOf(resource, live) ?? null),
    dependsOn: resource.dependsOn,
    origin: resource.origin,
    notes: resource.notes ?? [],
  };
}

function diffText(resource: Resource, live: LiveEntry, edits: readonly Edit[]): string {
  const lines = formatEdits(edits);
  if (resource.document === undefined || sameDocument(resource.document, live.document)) return lines;
  return [lines, documentDiff(live.document, resource.document)].filter((part) => part !== "").join("\n");
}

/** Unified diff of two documents, both printed in the normal form; the mark is left out of it. */
export function documentDiff(
  before: PolicyDocument | undefined,
  after: PolicyDocument | undefined,
  names: readonly [string, string] = ["live", "spec"],
): string {
  const text = (document: PolicyDocument | undefined): string =>
    document === undefined ? "" : printForDiff(withoutMark(document));
  return diffTexts(text(before), text(after), names);
}

/** Operations outside the list whose own document the API's denial does not reach. */
function uncoveredOperations(desired: Model, live: LiveModel): PlanNote[] {
  return desired.apis
    .filter(({ unlisted }) => unlisted === "deny")
    .flatMap(({ id, operations }) => {
      const listed = new Set(operations.map((operation) => operation.id.toLowerCase()));
      const prefix = pathKey(`apis/${id}/operations/`);
      return live.entries.flatMap((entry): PlanNote[] => {
        if (entry.kind !== "policy" || entry.owner !== undefined || !pathKey(entry.path).startsWith(prefix))
          return [];
        const operation = entry.path.split("/")[3] ?? "";
        if (listed.has(operation.toLowerCase())) return [];
        const note =
          "not listed in the spec, but it has a policy of its own that apimgw did not write: check that it inherits the denial";
        return [{ kind: "policy", id: entry.id, path: entry.path, note }];
      });
    });
}
