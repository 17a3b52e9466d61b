import type { PolicyRule } from "../policy-rule.ts";
import { attributeOf, codeOf, placeOf } from "./policy-places.ts";

export const productMayBeNull: PolicyRule = {
  id: "product-may-be-null",
  severity: "info",
  summary: "`context.Product` or `context.User` is used as if it were always there.",
  why: "A key for one API, for all APIs or of the service itself has no product, and a subscription need not belong to a user: the expression then fails with a 500 (learn.microsoft.com/azure/api-management/api-management-subscriptions).",
  examples: {
    bad: `<policies><inbound><base /><set-header name="x-product" exists-action="override"><value>@(context.Product.Name)</value></set-header></inbound></policies>`,
    good: `<policies><inbound><base /><set-header name="x-product" exists-action="override"><value>@(context.Product?.Name ?? "none")</value></set-header></inbound></policies>`,
  },
  check: (context) =>
    context.expressions.flatMap((placed) => {
      const { place, attribute, text } = placed;
      const code = codeOf(placed);
      const name = /\bcontext\.(Product|User)\./.exec(code)?.[1];
      if (name === undefined || (name === "Product" && context.scope === "product")) return [];
      const guard = new RegExp(`\\b${name}\\s*(?:[=!]=\\s*null|\\?\\.)`);
      const conditions = place.ancestors.map((ancestor) => attributeOf(ancestor, "condition")?.value ?? "");
      if ([code, ...conditions].some((condition) => guard.test(condition))) return [];
      return [
        {
          message: `\`context.${name}\` is null for some keys, and this expression then fails`,
          ...placeOf(place.element, attribute),
          ...(text?.range && { range: text.range }),
          help: `write \`context.${name}?.\` and say what holds without it`,
        },
      ];
    }),
};
