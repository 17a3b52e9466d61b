import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const body = (text: string, template: string) =>
  inbound(`<return-response><set-body${template}>${text}</set-body></return-response>`);

export const liquidInReturnResponse: PolicyRule = {
  id: "liquid-in-return-response",
  severity: "warning",
  summary: "A Liquid template in `return-response` reads a body that is empty there.",
  why: "The new response starts without a body, so that `body` in the template holds nothing (learn.microsoft.com/azure/api-management/set-body-policy).",
  examples: {
    bad: body(`{ "name": "{{body.name}}" }`, ` template="liquid"`),
    good: body(`@(context.Request.Body.As<string>(preserveContent: true))`, ""),
  },
  *check(context) {
    for (const { element, parent } of placementsAt(context, "set-body")) {
      const attribute = element.attributes.find(({ name }) => name === "template");
      const isLiquid = literalAttribute(element, "template")?.toLowerCase() === "liquid";
      if (parent?.name !== "return-response" || attribute === undefined || !isLiquid) continue;
      const readsBody = element.children.some((node) => node.type === "text" && /\bbody\./.test(node.value));
      if (!readsBody) continue;
      yield atValue(element, attribute, {
        message: "in `return-response` the template's `body` is empty",
        help: "read what is needed into a variable before, and write the body with an expression",
      });
    }
  },
};
