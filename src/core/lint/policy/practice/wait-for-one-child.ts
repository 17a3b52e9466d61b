import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { policiesNamed } from "./policy-places.ts";

export const waitForOneChild: PolicyRule = {
  id: "wait-for-one-child",
  severity: "info",
  summary: "A `wait` with a single child.",
  why: "`wait` runs its children at the same time; around one child it changes nothing (learn.microsoft.com/azure/api-management/wait-policy).",
  examples: {
    bad: `<policies><inbound><base /><wait for="all"><cache-lookup-value key="a" variable-name="a" /></wait></inbound></policies>`,
    good: `<policies><inbound><base /><wait for="all"><cache-lookup-value key="a" variable-name="a" /><cache-lookup-value key="b" variable-name="b" /></wait></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "wait").flatMap(({ element }) =>
      childElements(element).length !== 1
        ? []
        : [
            {
              message: "there is only one child to wait for",
              element,
              help: "take the child out, or put its companions in",
            },
          ],
    ),
};
