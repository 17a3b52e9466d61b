import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { typedLiterals, type TypedLiteral } from "./literals.ts";

const xslt = "http://www.w3.org/1999/XSL/Transform";

export const urlValue: PolicyRule = {
  id: "url-value",
  severity: "warning",
  summary: "A URL is not absolute, or of a kind that does not work.",
  why: "The gateway calls these URLs as they stand: they need a scheme and a host. A proxy is reached over http only (learn.microsoft.com/azure/api-management/proxy-policy).",
  examples: {
    bad: inbound(`<set-backend-service base-url="example.com/api" />`),
    good: inbound(`<set-backend-service base-url="https://example.com/api" />`),
  },
  *check(context) {
    for (const typed of typedLiterals(context, ["url"])) {
      const fault = faultOf(typed);
      if (fault === undefined) continue;
      yield atValue(typed.element, typed.attribute, {
        message: `\`${typed.attribute.name}\` of \`${typed.element.name}\` ${fault}`,
      });
    }
  },
};

function faultOf({ literal, element, attribute }: TypedLiteral): string | undefined {
  if (attribute.name.startsWith("xmlns:"))
    return literal === xslt ? undefined : `must be \`${xslt}\`: XSLT knows no other`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/./i.exec(literal)?.[1]?.toLowerCase();
  if (scheme === undefined) return `is no absolute URL: \`${literal}\``;
  const isWeb = scheme === "http" || scheme === "https" || scheme === "ws" || scheme === "wss";
  if (attribute.name === "base-url" && !isWeb) return `has the scheme \`${scheme}\`, not http or https`;
  return element.name === "proxy" && scheme === "https"
    ? "must be http: https to the proxy is not supported"
    : undefined;
}
