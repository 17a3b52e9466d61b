import { childElement, childElements } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { allOf, atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const requestIncomplete: PolicyRule = {
  id: "request-incomplete",
  severity: "warning",
  summary: "A request that is not a copy has no URL or no method.",
  why: "With `mode=new`, which is the default, `set-url` and `set-method` are required (learn.microsoft.com/azure/api-management/send-request-policy); the schema lets them be absent.",
  examples: {
    bad: inbound(
      `<send-request mode="new" response-variable-name="r"><set-method>GET</set-method></send-request>`,
    ),
    good: inbound(
      `<send-request mode="new" response-variable-name="r"><set-url>https://example.com</set-url><set-method>GET</set-method></send-request>`,
    ),
  },
  *check(context) {
    for (const path of ["send-request", "send-one-way-request"]) {
      for (const { element } of placementsAt(context, path)) {
        const mode = element.attributes.some(({ name }) => name === "mode")
          ? literalAttribute(element, "mode")
          : "new";
        const isOpen = childElements(element).some(({ name }) => name === "include-fragment");
        if (mode !== "new" || isOpen) continue;
        const missing = ["set-url", "set-method"].filter((name) => childElement(element, name) === undefined);
        if (missing.length === 0) continue;
        yield atElement(element, {
          message: `\`${element.name}\` needs ${allOf(missing)}`,
          help: 'only a copy of the request (`mode="copy"`) can do without',
        });
      }
    }
  },
};
