import { childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { policiesNamed } from "./policy-places.ts";

export const chooseWithoutEffect: PolicyRule = {
  id: "choose-without-effect",
  severity: "warning",
  summary: "A `choose` in which no branch does anything.",
  why: "Empty branches are accepted, and then nothing happens: the policies meant for them are missing (learn.microsoft.com/azure/api-management/choose-policy asks for at least one statement in each).",
  examples: {
    bad: `<policies><inbound><base /><choose><when condition="@(context.Request.Method == &quot;GET&quot;)" /></choose></inbound></policies>`,
    good: `<policies><inbound><base /><choose><when condition="@(context.Request.Method == &quot;GET&quot;)"><set-variable name="a" value="b" /></when></choose></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "choose").flatMap(({ element }) => {
      const branches = childElements(element);
      if (branches.length === 0 || branches.some((branch) => childElements(branch).length > 0)) return [];
      // Text in a branch is a mistake of its own, or a template's tag that brings the policies.
      if (branches.some(({ children }) => children.some(({ type }) => type === "text"))) return [];
      return [
        {
          message: "no branch of this `choose` holds a policy: it does nothing",
          element,
          help: "fill the branches or remove the `choose`",
        },
      ];
    }),
};
