import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

const singles: ReadonlySet<string> = new Set([
  "authorization",
  "content-type",
  "host",
  "location",
  "retry-after",
  "api-key",
  "ocp-apim-subscription-key",
]);

export const singleHeaderAppended: PolicyRule = {
  id: "single-header-appended",
  severity: "warning",
  summary: "A value is appended to a header that has only one.",
  why: "With `append` the new value follows the one that is there, joined by a comma, and no server reads two of these (RFC 9110, section 5.3; learn.microsoft.com/azure/api-management/set-header-policy).",
  examples: {
    bad: `<policies><inbound><base /><set-header name="Authorization" exists-action="append"><value>Bearer {{token}}</value></set-header></inbound></policies>`,
    good: `<policies><inbound><base /><set-header name="Authorization" exists-action="override"><value>Bearer {{token}}</value></set-header></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "set-header").flatMap(({ element, ancestors }) => {
      const action = attributeOf(element, "exists-action");
      const name = attributeOf(element, "name")?.value ?? "";
      if (action?.value !== "append" || !singles.has(name.toLowerCase())) return [];
      // A request or response that is made here has no header to append to.
      if (ancestors.some((ancestor) => /^(?:send-|return-response$)/.test(ancestor.name))) return [];
      return [
        {
          message: `a second value is appended to \`${name}\`, which has only one`,
          ...placeOf(element, action),
          help: 'use `exists-action="override"`, or `skip` to keep what the client sent',
        },
      ];
    }),
};
