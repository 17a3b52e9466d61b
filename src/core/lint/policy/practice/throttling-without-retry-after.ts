import { attributeValue, childElement, childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

export const throttlingWithoutRetryAfter: PolicyRule = {
  id: "throttling-without-retry-after",
  severity: "info",
  summary: "A 429 is returned that does not say when to come back.",
  why: "`return-response` starts without headers, so a Retry-After of the backend is lost too; clients then try again at their own pace (RFC 6585, section 4; learn.microsoft.com/azure/api-management/return-response-policy).",
  examples: {
    bad: `<policies><inbound><base /><return-response><set-status code="429" reason="Too Many Requests" /></return-response></inbound></policies>`,
    good: `<policies><inbound><base /><return-response><set-status code="429" reason="Too Many Requests" /><set-header name="Retry-After" exists-action="override"><value>10</value></set-header></return-response></inbound></policies>`,
  },
  check: (context) =>
    policiesNamed(context, "return-response").flatMap(({ element }) => {
      const status = childElement(element, "set-status");
      const code = status === undefined ? undefined : attributeOf(status, "code");
      if (status === undefined || code?.value.trim() !== "429") return [];
      if (attributeOf(element, "response-variable-name") !== undefined) return [];
      const saysWhen = childElements(element).some(
        (child) => child.name === "set-header" && /retry-after/i.test(attributeValue(child, "name") ?? ""),
      );
      if (saysWhen) return [];
      return [
        {
          message: "this 429 does not say when to come back",
          ...placeOf(status, code),
          help: 'add `<set-header name="Retry-After" exists-action="override">` with seconds',
        },
      ];
    }),
};
