import { isResolverRoot } from "../../../policy/catalogue/catalogue.ts";
import { isSectionName } from "../policy-context.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { atElement, didYouMean } from "./findings.ts";
import { nearestName } from "../../../nearest-name.ts";

export const rootElement: PolicyRule = {
  id: "root-element",
  severity: "error",
  summary: "The root element is neither `policies` nor `fragment` nor a resolver.",
  why: "The service takes a policy document with the root `policies`, a fragment with the root `fragment`, and for GraphQL resolvers a data source (learn.microsoft.com/azure/api-management/api-management-howto-policies, policy-fragments, configure-graphql-resolver).",
  examples: {
    bad: `<policy><inbound><base /></inbound></policy>`,
    good: `<policies><inbound><base /></inbound></policies>`,
  },
  *check({ root }) {
    const { name } = root;
    const isRoot = name === "policies" || name === "fragment" || isSectionName(name) || isResolverRoot(name);
    if (isRoot) return;
    const nearest = nearestName(name, ["policies", "fragment"]);
    yield atElement(root, {
      message: `\`${name}\` cannot be the root of a policy document`,
      help: "put the policies in the sections of a `policies` element, or in a `fragment`",
      ...didYouMean(nearest),
    });
  },
};
