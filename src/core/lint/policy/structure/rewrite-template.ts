import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { isComputed } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const rewriteTemplate: PolicyRule = {
  id: "rewrite-template",
  severity: "warning",
  summary: "The template of `rewrite-uri` is half an expression.",
  why: "The template is one expression or one literal (learn.microsoft.com/azure/api-management/rewrite-uri-policy); an expression inside a literal stays text.",
  examples: {
    bad: inbound(`<rewrite-uri template="/v2/@(context.Request.OriginalUrl.Path)" />`),
    good: inbound(`<rewrite-uri template="@("/v2" + context.Request.OriginalUrl.Path)" />`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "rewrite-uri")) {
      const attribute = element.attributes.find(({ name }) => name === "template");
      const value = attribute?.value.trim() ?? "";
      if (attribute === undefined || isComputed(value)) continue;
      if (/@[({]/.test(value)) {
        const help = "make the whole template one expression";
        yield atValue(element, attribute, { message: "an expression inside a literal stays text", help });
      }
    }
  },
};
