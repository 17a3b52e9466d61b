import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const document = (path: string) =>
  inbound(
    `<validate-graphql-request max-size="10240"><authorize><rule path="${path}" action="allow" /></authorize></validate-graphql-request>`,
  );

export const graphqlPath: PolicyRule = {
  id: "graphql-path",
  severity: "warning",
  summary: "A rule of `validate-graphql-request` has a path that matches nothing.",
  why: "The path is `/type` or `/type/field`, or `/__*` for introspection (learn.microsoft.com/azure/api-management/validate-graphql-request-policy).",
  examples: { bad: document("Query.users"), good: document("/Query/users") },
  *check(context) {
    for (const { element } of placementsAt(context, "validate-graphql-request/authorize/rule")) {
      const path = literalAttribute(element, "path");
      const attribute = element.attributes.find(({ name }) => name === "path");
      if (path === undefined || attribute === undefined || /^\/[^/\s]*(\/[^/\s]+)?\/?$/.test(path)) continue;
      yield atValue(element, attribute, { message: `\`${path}\` is no path of the form \`/type/field\`` });
    }
  },
};
