/** Two states of one resource, as plans show them, as a diff. */
import { createTwoFilesPatch } from "diff";
import { objectMember, stringMember, without } from "../model/kind-definition.ts";
import { kinds } from "../model/kinds/index.ts";
import type { Kind } from "../model/resource.ts";
import type { JsonObject } from "../json.ts";
import { printForDiff } from "../policy/canonical.ts";
import { withoutMark } from "../policy/ownership.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { compareProperties, formatEdits } from "./edits.ts";

/** A body as it stands in a change: normalized, secrets masked, a document as printed text under `properties.value`; null: not there. */
export type State = JsonObject | null;

/** A state from normalized properties and, for documents, their tree. */
export function shownState(properties: JsonObject, document: PolicyDocument | undefined): JsonObject {
  if (document === undefined) return { properties };
  return { properties: { ...properties, value: printForDiff(withoutMark(document)) } };
}

/** The edits one per line, and a unified diff of the documents; empty when the two mean the same. */
export function diffStates(
  kind: Kind,
  before: State,
  after: State,
  names?: readonly [string, string],
): string {
  const [left, right] = [propertiesOf(before), propertiesOf(after)];
  if (kind !== "policy" && kind !== "fragment")
    return formatEdits(compareProperties(left, right, kinds[kind].identities));
  const edits = formatEdits(compareProperties(without(left, ["value"]), without(right, ["value"]), {}));
  const texts = diffTexts(stringMember(left, "value") ?? "", stringMember(right, "value") ?? "", names);
  return [edits, texts].filter((part) => part !== "").join("\n");
}

function propertiesOf(state: State): JsonObject {
  return state === null ? {} : (objectMember(state, "properties") ?? {});
}

/** Unified diff with three lines of context; empty when the texts are the same. */
export function diffTexts(
  before: string,
  after: string,
  names: readonly [string, string] = ["was", "is"],
): string {
  if (before === after) return "";
  const patch = createTwoFilesPatch(...names, before, after, undefined, undefined, { context: 3 });
  return patch.slice(patch.indexOf("--- ")).trimEnd();
}
