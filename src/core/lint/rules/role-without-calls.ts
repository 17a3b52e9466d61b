import { roleName, rolesMode } from "../../compile/roles.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

/** Well-known roles without a data action of Azure OpenAI: they manage accounts, or only look at them. */
const managing: ReadonlySet<string> = new Set([
  "owner",
  "contributor",
  "reader",
  "cognitive services contributor",
  "cognitive services usages reader",
]);

export const roleWithoutCalls: Rule = {
  id: "role-without-calls",
  severity: "warning",
  summary: "The role of `roles.role` does not let its holder call models.",
  why:
    "Calls need data actions, which Owner, Contributor, Reader and Cognitive Services Contributor do not have: they are refused with 401 " +
    "(learn.microsoft.com/azure/ai-services/openai/how-to/role-based-access-control).",
  examples: {
    bad: `
roles: { mode: manage, role: Cognitive Services Contributor }`,
    good: `
roles: { mode: manage, role: Cognitive Services OpenAI User }`,
  },
  check: ({ spec, source }) =>
    rolesMode(spec) === "ignore" || !managing.has(roleName(spec).toLowerCase())
      ? []
      : [
          {
            message: `with the role ${roleName(spec)} the gateway may not call the accounts`,
            at: source.locate(pointer("roles", "role")),
            help: "leave `role` out, for Cognitive Services OpenAI User",
          },
        ],
};
