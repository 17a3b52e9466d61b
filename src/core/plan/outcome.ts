/** What the service holds, compared by meaning with what a step writes and with what it was planned from. */
import type { JsonObject } from "../json.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Resource } from "../model/resource.ts";
import { samePolicy } from "../policy/canonical.ts";
import {
  comparable,
  documentDiff,
  isMarked,
  operationEdits,
  propertyEdits,
  sameDocument,
} from "./compare.ts";
import type { Step } from "./compare.ts";
import { compareProperties, formatEdits } from "./edits.ts";
import type { LiveEntry } from "./live.ts";
import type { Edit } from "./plan.ts";

/**
 * How the service's resource differs from the one that was sent, as a diff; empty when it means the same and carries the owner's
 * mark. Operations are compared where the entry has them.
 */
export function deviation(resource: Resource, found: LiveEntry, owner: string): string {
  const edits = [
    ...propertyEdits(resource, found),
    ...(found.operations === undefined ? [] : operationEdits(resource, found)),
    ...markEdits(resource, found, owner),
  ];
  const text = sameDocument(resource.document, found.document)
    ? ""
    : documentDiff(resource.document, found.document, ["sent", "service"]);
  return [formatEdits(edits.map(reversed)), text].filter((part) => part !== "").join("\n");
}

/** Whether operations that the import makes are not there, or not yet. */
export function lacksOperations(resource: Resource, { operations = {} }: LiveEntry): boolean {
  const there = new Set(Object.keys(operations).map((id) => id.toLowerCase()));
  return Object.keys(resource.operations ?? {}).some((id) => !there.has(id.toLowerCase()));
}

/** Whether the service's resource is, by meaning, what the step was planned from. */
export function isAsPlanned(step: Step, found: LiveEntry): boolean {
  const { live } = step;
  if (live === undefined) return false;
  return live.kind === found.kind && live.owner === found.owner && changesSince(step, found) === "";
}

/** How the service's resource differs from what the step was planned from: a diff. */
export function changesSince({ live, resource }: Step, found: LiveEntry): string {
  const before = live === undefined ? {} : side(resource, live);
  const edits = compareProperties(before, side(resource, found), kinds[found.kind].identities);
  const isSame =
    live?.document !== undefined && found.document !== undefined
      ? samePolicy(live.document, found.document)
      : live?.document === found.document;
  const text = isSame ? "" : documentDiff(live?.document, found.document, ["planned from", "service"]);
  return [formatEdits(edits), text].filter((part) => part !== "").join("\n");
}

function side(resource: Resource | undefined, entry: LiveEntry): JsonObject {
  return resource === undefined
    ? kinds[entry.kind].normalize(entry.properties)
    : comparable(resource, entry).before;
}

function markEdits(resource: Resource, { owner: found }: LiveEntry, owner: string): Edit[] {
  if (!isMarked(resource) || found === owner) return [];
  return [{ path: "mark", after: owner, ...(found === undefined ? {} : { before: found }) }];
}

function reversed({ path, before, after, isSecret }: Edit): Edit {
  return {
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
    ...(isSecret === undefined ? {} : { isSecret }),
  };
}
