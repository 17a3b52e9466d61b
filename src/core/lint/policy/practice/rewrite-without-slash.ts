import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, literalText, placeOf, policiesNamed } from "./policy-places.ts";

export const rewriteWithoutSlash: PolicyRule = {
  id: "rewrite-without-slash",
  severity: "info",
  summary: "A rewritten path does not begin with a slash.",
  why: "The template takes the place of the path behind the backend's address and is written from the slash on (learn.microsoft.com/azure/api-management/rewrite-uri-policy).",
  examples: {
    bad: `<policies><inbound><base /><rewrite-uri template="orders/list" /></inbound></policies>`,
    good: `<policies><inbound><base /><rewrite-uri template="/orders/list" /></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "rewrite-uri").flatMap(({ element }) => {
      const template = attributeOf(element, "template");
      const literal = literalText(template?.value);
      if (literal === undefined || /^[/{?]/.test(literal) || literal === "") return [];
      return [
        {
          message: "the new path does not begin with `/`",
          ...placeOf(element, template),
          help: /^https?:/.test(literal)
            ? "name the host with `set-backend-service`, and only the path here"
            : `write \`/${literal}\``,
        },
      ];
    }),
};
