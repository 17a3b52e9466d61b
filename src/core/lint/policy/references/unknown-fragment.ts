import type { PolicyRule } from "../policy-rule.ts";
import { attributePlaces } from "./attribute-places.ts";
import { unknownNames } from "./reference-findings.ts";

const document = (id: string) => ({
  text: `<policies><inbound><base /><include-fragment fragment-id="${id}" /></inbound></policies>`,
  known: { fragments: ["limits"] },
});

export const unknownFragment: PolicyRule = {
  id: "unknown-fragment",
  severity: "error",
  summary: "A policy names a fragment that does not exist.",
  why: "A fragment must exist when a document that includes it is saved (learn.microsoft.com/azure/api-management/policy-fragments).",
  examples: { bad: document("limit"), good: document("limits") },
  *check(context) {
    if (context.known === undefined) return;
    const places = attributePlaces(context, "fragment-id", "include-fragment");
    yield* unknownNames(places, { kind: "fragment", known: context.known.fragments });
  },
};
